// Search: names of datasets, every column, descriptions. The columns are one long text, and finding a string in ten
// million letters takes a browser a few milliseconds; an index would take longer to load than it saves.
(function (L) {
  "use strict";
  const { el, id } = L.dom;
  const MOST = 30; // hits of one sort
  let texts = null; // {names, columns, text}, each {all, starts}
  let box, field, results, picked = 0, hits = [];

  // Where each entry begins, so that a place in the text leads back to its number.
  function indexed(all, separator) {
    const starts = [0];
    for (let at = all.indexOf(separator); at >= 0; at = all.indexOf(separator, at + 1)) starts.push(at + 1);
    return { all, starts };
  }

  function entryAt(starts, place) {
    let low = 0, high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  async function prepare() {
    if (texts) return;
    const shard = await L.store.search();
    const lower = shard.columns.toLowerCase();
    texts = {
      ids: L.store.core.datasets.id.map((id) => id.toLowerCase()),
      names: indexed(L.store.core.datasets.name.join("\x1e").toLowerCase(), "\x1e"),
      columns: indexed(lower, "\x1e"),
      text: indexed((shard.text || "").toLowerCase(), "\x1e"),
      shown: shard.columns.length === lower.length ? shard.columns : lower, // a few letters change length in lower case
    };
  }

  // Whole entries first, then beginnings, then anything; each place once.
  // `next` gives the place to go on at: datasets that cannot match are skipped whole.
  function places(all, query, ends, next, keep) {
    const found = new Set();
    for (const needle of ends.flatMap((end) => ends.map((other) => end + query + other)).concat(ends.map((end) => end + query), query)) {
      const lead = needle.indexOf(query);
      let at = all.indexOf(needle, next(0));
      while (at >= 0 && found.size < MOST) {
        const onward = next(at + lead);
        if (onward === at + lead && keep(onward)) found.add(onward);
        at = all.indexOf(needle, Math.max(at + needle.length, onward - lead));
      }
    }
    return [...found];
  }

  // For each dataset whether its id has this word: looked up once a word, not once a hit.
  function having(word, how = "includes") {
    const found = new Uint8Array(texts.ids.length);
    texts.ids.forEach((id, i) => (found[i] = id[how](word) ? 1 : 0));
    return found;
  }

  const end = (all, from) => [all.indexOf("\n", from), all.indexOf("\x1e", from), all.length].filter((at) => at >= 0).reduce((a, b) => Math.min(a, b));
  const line = (all, from) => all.slice(Math.max(all.lastIndexOf("\n", from), all.lastIndexOf("\x1e", from)) + 1, end(all, from));

  // At most so many places of a word: to know which of several words is the rarest.
  function frequency(all, word) {
    let count = 0;
    for (let at = all.indexOf(word); at >= 0 && count < 20000; at = all.indexOf(word, at + word.length)) count++;
    return count;
  }

  // The places of a text that have all the words, in themselves or in their dataset's id.
  function search({ all, starts }, words, ends) {
    const counted = words.map((word) => ({ word, count: words.length > 1 ? frequency(all, word) : 1, has: words.length > 1 ? having(word) : null }));
    const here = counted.filter(({ count }) => count).sort((a, b) => a.count - b.count);
    if (!here.length) return [];
    const dot = here[0].word.lastIndexOf(".");
    const owner = dot > 0 && ends.length === 2 ? having(here[0].word.slice(0, dot), "endsWith") : null; // orders.amount
    const word = owner ? here[0].word.slice(dot + 1) : here[0].word;
    const musts = counted.filter(({ count }) => !count).map(({ has }) => has).concat(owner || []); // words that only an id can have
    const allowed = (i) => musts.every((has) => has[i]) && L.filters.matches(i);
    const next = (at) => {
      let i = entryAt(starts, at);
      if (allowed(i)) return at;
      while (i < starts.length && !allowed(i)) i++;
      return i < starts.length ? starts[i] : all.length;
    };
    if (!word) return [];
    const rest = here.slice(1);
    const keep = (at) => rest.every(({ word: other, has }) => has[entryAt(starts, at)] || line(all, at).includes(other));
    return places(all, word, ends, next, keep).map((at) => ({ i: entryAt(starts, at), at }));
  }

  function find(query) {
    const words = query.toLowerCase().trim().split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    const { name, id: ids } = L.store.core.datasets;
    const { names, columns, text } = texts;
    const once = (list, key) => [...new Map(list.map((item) => [key(item), item])).values()];
    return [
      ...once(search(names, words, ["\x1e"]), ({ i }) => i)
        .map(({ i }) => ({ i, kind: L.store.kind(i), sort: L.words.plain(L.store.kind(i)), label: name[i], note: ids[i] })),
      ...once(search(columns, words, ["\n", "\x1e"]).map(({ i, at }) => ({ i, c: line(texts.shown, at) })), ({ i, c }) => i + " " + c)
        .map(({ i, c }) => ({ i, c, sort: "column", label: c, note: name[i] })),
      ...once(search(text, words, []), ({ i }) => i)
        .map(({ i, at }) => ({ i, sort: "description", label: name[i], note: line(text.all, at).slice(0, 90) })),
    ];
  }

  function show() {
    hits = texts ? find(field.value) : [];
    picked = 0;
    results.replaceChildren(...hits.map((hit, n) => el("li", { role: "option", id: "hit-" + n, "aria-selected": n === 0, onclick: () => choose(n) },
      el("span", { class: "kind " + hit.kind }, hit.sort), " ", el("b", {}, hit.label), " ", el("span", { class: "quiet" }, hit.note))));
    if (!hits.length && field.value.trim()) results.append(el("li", { class: "quiet" }, texts ? "Nothing found." : "Reading the index …"));
    mark();
  }

  function mark(step = 0) {
    picked = Math.max(0, Math.min(hits.length - 1, picked + step));
    [...results.children].forEach((item, n) => item.setAttribute("aria-selected", n === picked));
    const item = hits.length && results.children[picked];
    if (item) {
      field.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    }
  }

  function choose(n) {
    const hit = hits[n];
    if (!hit) return;
    box.close();
    L.route.focus(L.store.core.datasets.id[hit.i], hit.c ? { c: hit.c } : {});
  }

  L.search = {
    find: (query) => prepare().then(() => find(query)),
    async open(text) {
      if (!box.open) box.showModal();
      if (text !== undefined) field.value = text;
      field.select();
      await prepare();
      show();
    },
    start() {
      [box, field, results] = [id("search"), id("search-field"), id("search-results")];
      field.addEventListener("input", show);
      field.addEventListener("keydown", (event) => {
        if (event.key === "ArrowDown") mark(1);
        else if (event.key === "ArrowUp") mark(-1);
        else if (event.key === "Enter") choose(picked);
        else return;
        event.preventDefault();
      });
      box.addEventListener("click", (event) => event.target === box && box.close());
    },
  };
})((window.LINEAGE = window.LINEAGE || {}));
