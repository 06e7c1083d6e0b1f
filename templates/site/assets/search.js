// Search: names of datasets, every column, descriptions, SQL (sqltext.js). The columns are one long text, and finding a string in ten
// million letters takes a browser a few milliseconds; an index would take longer to load than it saves.
(function (L) {
  "use strict";
  const { el, id } = L.dom;
  const MOST = 30; // hits of one sort
  let texts = null; // {names, columns, text}, each {all, starts}
  const LEAST = 3; // letters from which on the SQL is searched too
  let box, field, results, picked = 0, hits = [], only = "";

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
      text: { ...indexed((shard.text || "").toLowerCase(), "\x1e"), said: shard.text || "" },
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
  function search({ all, starts }, words, ends, matches) {
    const counted = words.map((word) => ({ word, count: words.length > 1 ? frequency(all, word) : 1, has: words.length > 1 ? having(word) : null }));
    const here = counted.filter(({ count }) => count).sort((a, b) => a.count - b.count);
    if (!here.length) return [];
    const dot = here[0].word.lastIndexOf(".");
    const owner = dot > 0 && ends.length === 2 ? having(here[0].word.slice(0, dot), "endsWith") : null; // orders.amount
    const word = owner ? here[0].word.slice(dot + 1) : here[0].word;
    const musts = counted.filter(({ count }) => !count).map(({ has }) => has).concat(owner || []); // words that only an id can have
    const allowed = (i) => musts.every((has) => has[i]) && matches(i);
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

  // `kind:model tag:finance owner:data folder:marts has:finding` narrow down, like the filters beside the graph.
  const ASKED = /^(kind|tag|owner|folder|has):(.+)$/;

  function asked(query) {
    const words = query.toLowerCase().trim().split(/\s+/).filter(Boolean);
    const told = words.map((word) => word.match(ASKED)).filter(Boolean);
    const { kinds, tags, owners, folders, datasets } = L.store.core;
    const of = { kind: (i) => [kinds[datasets.kind[i]]], tag: (i) => datasets.tags[i].concat(datasets.column_tags[i]).map((tag) => tags[tag]), owner: (i) => [owners[datasets.owner[i]] || ""], folder: (i) => [folders[datasets.folder[i]]] };
    const matches = (i) => L.filters.matches(i) &&
      told.every(([, field, value]) => field === "has" ? !"findings".startsWith(value) || datasets.findings[i] > 0 : of[field](i).some((name) => name.toLowerCase().includes(value)));
    return { words: words.filter((word) => !ASKED.test(word)), matches, narrowed: told.length > 0 };
  }

  const SORTS = { dataset: "Datasets", column: "Columns", description: "Descriptions", sql: "SQL" };

  // Everything that is found, by sort.
  function find(query) {
    const { words, matches, narrowed } = asked(query);
    const { name, id: ids } = L.store.core.datasets;
    const { names, columns, text } = texts;
    const dataset = (i) => ({ i, sort: "dataset", kind: L.store.kind(i), label: name[i], note: ids[i] });
    if (!words.length) return narrowed ? ids.map((_, i) => i).filter(matches).slice(0, MOST * 4).map(dataset) : [];
    const once = (list, key) => [...new Map(list.map((item) => [key(item), item])).values()];
    return [
      ...once(search(names, words, ["\x1e"], matches), ({ i }) => i).map(({ i }) => dataset(i)),
      ...once(search(columns, words, ["\n", "\x1e"], matches).map(({ i, at }) => ({ i, c: line(texts.shown, at) })), ({ i, c }) => i + " " + c)
        .map(({ i, c }) => ({ i, c, sort: "column", label: c, note: name[i] })),
      ...once(search(text, words, [], matches), ({ i }) => i)
        .map(({ i, at }) => ({ i, sort: "description", label: name[i], note: line(text.said, at).slice(0, 120) })),
      ...(words.join("").length >= LEAST ? L.sqltext.find(words, matches) : [])
        .map(({ i, path, line: number, text: said }) => ({ i, sort: "sql", label: name[i], place: path + ":" + number, note: said.slice(0, 160) })),
    ];
  }

  // The text with the first place of each word marked.
  function marked(said, words) {
    const lower = said.toLowerCase();
    const ends = words.map((word) => [lower.indexOf(word), word.length]).filter(([at]) => at >= 0).sort(([a], [b]) => a - b);
    const made = [];
    let done = 0;
    for (const [at, length] of lower.length === said.length ? ends : []) {
      if (at < done) continue;
      made.push(said.slice(done, at), el("mark", {}, said.slice(at, at + length)));
      done = at + length;
    }
    return [...made, said.slice(done)];
  }

  function option(hit, n, words) {
    return el("li", { role: "option", id: "hit-" + n, "aria-selected": n === 0, onclick: () => choose(n) },
      el("span", { class: "kind " + (hit.kind || "") }, hit.kind ? L.words.plain(hit.kind) : hit.sort === "sql" ? "SQL" : hit.sort), " ",
      el("b", {}, marked(hit.label, words)), " ",
      el("span", { class: "quiet" }, hit.place ? [hit.place.slice(hit.place.lastIndexOf("/") + 1), " ", el("code", {}, marked(hit.note, words))] : marked(hit.note, words)));
  }

  function show() {
    const all = texts ? find(field.value) : [];
    const { words } = texts ? asked(field.value) : { words: [] };
    hits = all.filter((hit) => !only || hit.sort === only);
    picked = 0;
    results.replaceChildren(...hits.map((hit, n) => option(hit, n, words)));
    const typed = field.value.trim();
    if (!hits.length && typed) results.append(el("li", { class: "quiet" }, texts ? "Nothing found." : "Reading the index …"));
    for (const button of id("search-scopes").children) {
      const { sort } = button.dataset;
      const count = all.filter((hit) => hit.sort === sort).length;
      button.setAttribute("aria-pressed", only === sort);
      button.lastChild.textContent = !sort || !typed ? "" : " " + count + (count >= MOST ? "+" : "");
    }
    mark();
    if (texts && words.join("").length >= LEAST) readSql();
  }

  // The SQL of the whole project is read when somebody first looks for words in it.
  let sqlHere = false;
  function readSql() {
    if (sqlHere) return;
    sqlHere = true;
    const told = (done, all) => {
      id("search-status").textContent = done < all ? `Reading SQL: ${done} of ${all} …` : "";
      if (box.open && (done === all || done % 8 === 0)) show();
    };
    L.sqltext.read(told).catch((error) => (id("search-status").textContent = error.message));
  }

  function mark(step = 0) {
    picked = Math.max(0, Math.min(hits.length - 1, picked + step));
    [...results.children].forEach((item, n) => item.setAttribute("aria-selected", n === picked));
    const item = hits.length && results.children[picked];
    if (item) {
      field.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  function choose(n) {
    const hit = hits[n];
    if (!hit) return;
    box.close();
    L.route.focus(L.store.core.datasets.id[hit.i], hit.c ? { c: hit.c } : hit.place ? { at: hit.place } : {});
  }

  L.search = {
    // All that is found, once everything that can be searched is here.
    find: (query) => Promise.all([prepare(), L.sqltext.read()]).then(() => find(query)),
    async open(text) {
      if (!box.open) box.showModal();
      if (text !== undefined) field.value = text;
      field.select();
      await prepare();
      show();
    },
    again: () => box.open && show(), // a filter was changed
    start() {
      [box, field, results] = [id("search"), id("search-field"), id("search-results")];
      const scope = (sort, label) => el("button", { type: "button", "data-sort": sort, onclick: () => ((only = sort), show(), field.focus()) }, label, el("span", { class: "quiet" }));
      id("search-scopes").append(scope("", "All"), ...Object.entries(SORTS).map(([sort, label]) => scope(sort, label)));
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
