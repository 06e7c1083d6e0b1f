// What is known of the chosen dataset, and the column's story: told hop by hop, with the reason of every hop.
(function (L) {
  "use strict";
  const { el, id, place } = L.dom;
  const store = L.store;
  const SHOWN = 40; // lines of a list at first; the rest comes when it is asked for
  let turn = 0; // a slow shard must not overwrite what was asked for after it

  const name = (i) => store.core.datasets.name[i];
  const go = (changes, ...label) => el("a", { href: L.route.link({ e: "", full: "", ...changes }) }, ...label);
  const dataset = (i) => go({ s: store.core.datasets.id[i], c: "" }, name(i));
  const column = (i, c) => (c < 0 ? dataset(i) : go({ s: store.core.datasets.id[i], c: store.columnName(i, c) }, name(i) + "." + store.columnName(i, c)));
  const chip = (text, kind) => el("span", { class: kind || "tag" }, text);
  const sure = (confidence) => chip(L.words.sure(confidence), "band " + L.words.band(confidence));

  function list(title, items, make) {
    if (!items.length) return null;
    return el("section", {}, el("h3", {}, title, " ", el("span", { class: "count" }, items.length.toLocaleString("en"))), some("ul", items, (item) => el("li", {}, make(item))));
  }

  // The first of them, and a button for the others.
  function some(tag, items, make) {
    const rest = items.slice(SHOWN);
    const more = el("button", { type: "button", onclick: () => more.replaceWith(el(tag, {}, rest.map(make))) }, `Show ${rest.length.toLocaleString("en")} more`);
    return [el(tag, {}, items.slice(0, SHOWN).map(make)), rest.length > 0 && more];
  }

  function head(i, ...more) {
    const { id: ids, slug, owner, tags, folder, findings } = store.core.datasets;
    return [
      el("p", { class: "chips" }, chip(L.words.plain(store.kind(i)), "kind " + store.kind(i)),
        findings[i] > 0 && chip(L.dom.plural(findings[i], "finding"), "flag"), tags[i].map((tag) => chip(store.core.tags[tag]))),
      el("h2", {}, name(i), more),
      changes(i, more.join("").slice(1)),
      el("p", { class: "quiet" }, ids[i], owner[i] >= 0 && " · " + store.core.owners[owner[i]], store.core.folders[folder[i]] && " · " + store.core.folders[folder[i]]),
      el("p", {}, L.route.state.d !== ids[i] && el("a", { class: "button", href: L.route.link({ d: ids[i], s: "", e: "", full: "", grow: [], cut: [] }) }, "Focus"),
        " ", el("a", { class: "button", href: `dataset/${slug[i]}.html` }, "Its page")),
    ];
  }

  // What a comparison says of a dataset, or of one of its columns.
  function changes(i, column) {
    const { comparison } = store.core;
    const mine = comparison ? (comparison.changes[i] || []).filter((change) => !column || change.column === column) : [];
    const mark = store.markOf(i);
    if (!mark || (column && !mine.length)) return null;
    return el("section", { class: "comparison" },
      el("p", {}, chip(mark, "mark " + mark), " ", comparison.base, " → ", comparison.head, " ",
        el("a", { href: `dataset/${store.core.datasets.slug[i]}.html#changes` }, "side by side")),
      el("ul", { class: "changes" }, mine.map((change) => el("li", {}, change.column && !column && [el("code", {}, change.column), " "], chip(change.kind, "mark " + change.mark), " ",
        chip(change.effect === "none" ? "safe" : change.effect, "effect " + change.effect.replace(/ /g, "_")), " ", change.why,
        (change.before || change.after) && el("div", { class: "states" }, change.before && el("del", {}, change.before), change.before && change.after && " → ", change.after && el("ins", {}, change.after)),
        change.details.map((detail) => el("div", { class: "states" }, el("code", {}, detail)))))));
  }

  function ofDataset(i) {
    const { description } = store.core.datasets;
    const data = store.loaded.get(i);
    const exposures = store.core.exposures.filter((exposure) => exposure.on.includes(i));
    return [
      ...head(i),
      description[i] && el("p", {}, description[i]),
      list("Made from", [...new Set(store.neighbours(i, "u"))], dataset),
      list("Read by", [...new Set(store.neighbours(i, "d"))], dataset),
      list("Exposures", exposures, exposure),
      list("Columns", data.columns, (c) => [go({ s: store.core.datasets.id[i], c: c[0] }, c[0]), " ", el("span", { class: "quiet" }, data.texts[c[1]] || "")]),
    ];
  }

  const exposure = (one) => [one.url && /^https?:/.test(one.url) ? el("a", { href: one.url, rel: "noopener" }, one.name) : one.name, " ", el("span", { class: "quiet" }, [one.kind, one.owner].filter(Boolean).join(" · "))];

  // One edge in words: what it does, why we believe it, where it stands.
  function telling(edge) {
    return [
      el("p", { class: "chips" }, store.mark(edge.mark) && chip(store.mark(edge.mark), "mark " + store.mark(edge.mark)), chip(L.words.plain(edge.subtype), "does " + edge.subtype), sure(edge.confidence), edge.masking ? chip("masked", "does") : null,
        el("a", { href: L.route.link({ e: keyOf(edge) }) }, "SQL")),
      edge.expression && el("code", { class: "expression" }, edge.expression),
      edge.evidence.length > 0 && el("ul", { class: "why" }, edge.evidence.map((why) => el("li", {}, L.words.reason(why)))),
      el("p", { class: "quiet" }, (!edge.span || edge.job !== edge.span.path) && [edge.job, " "], edge.span && place(edge.span.path, edge.span.line)),
    ];
  }

  const keyOf = (edge) => L.route.edgeKey([store.core.datasets.id[edge.s], store.columnName(edge.s, edge.sc), store.core.datasets.id[edge.t], edge.row ? "" : store.columnName(edge.t, edge.tc), edge.subtype]);

  function hops(title, steps, far) {
    const levels = new Map();
    for (const { hop, edge } of steps) (levels.get(hop) || levels.set(hop, []).get(hop)).push(edge);
    return [
      el("h3", {}, title),
      levels.size === 0 && el("p", { class: "quiet" }, "None in view."),
      [...levels].map(([hop, edges]) => el("section", { class: "hop" }, el("h4", {}, L.dom.plural(hop, "hop")),
        some("div", edges, (edge) => el("article", {}, el("p", {}, far(edge)), telling(edge))))),
    ];
  }

  function ofColumn(i, c, lit) {
    const data = store.loaded.get(i);
    const [label, type, description, tests, tags] = data.columns[c];
    const reached = new Set(lit.down.map(({ edge }) => edge.t));
    const exposures = store.core.exposures.filter((one) => one.on.some((on) => on === i || reached.has(on)));
    return [
      ...head(i, "." + label),
      el("p", { class: "chips" }, data.texts[type] && chip(data.texts[type], "does"), tests.map((test) => chip(data.texts[test], "test")), tags.map((tag) => chip(store.core.tags[tag]))),
      data.texts[description] && el("p", {}, data.texts[description]),
      el("p", {}, el("a", { class: "button", id: "full-trace", href: L.route.link({ full: L.route.state.full ? "" : "1" }) }, L.route.state.full ? "Only what is in view" : "Full trace"), " ",
        el("a", { class: "button", href: L.route.link({ c: "", full: "" }) }, "Clear")),
      el("div", { id: "story" }, hops("Where it comes from", lit.up, (edge) => [column(edge.t, edge.row ? -1 : edge.tc), edge.row ? " keeps rows by " : " from ", column(edge.s, edge.sc)])),
      el("div", { id: "impact" }, hops("What depends on it", lit.down, (edge) => [column(edge.t, edge.tc), edge.row && " (its rows)", " reads ", column(edge.s, edge.sc)])),
      list("Exposures", exposures, exposure),
    ];
  }

  async function ofEdge(key) {
    const [from, fromColumn, to, toColumn, subtype] = L.route.edgeParts(key);
    const s = store.number.get(from), t = store.number.get(to);
    if (s === undefined || t === undefined) return [el("p", {}, "This edge is not in this version of the site.")];
    await store.columns([s, t]);
    const between = store.edgesInto(t).filter((edge) => edge.s === s &&
      (!fromColumn || store.columnName(s, edge.sc) === fromColumn) && (!toColumn || (!edge.row && store.columnName(t, edge.tc) === toColumn)) && (!subtype || edge.subtype === subtype));
    return [
      el("p", { class: "chips" }, chip("edge", "does")),
      el("h2", {}, dataset(s), " → ", dataset(t)),
      between.length === 0 && el("p", {}, "It is read, but none of its columns is known to be."),
      await L.code(t, between),
      list(between.length === 1 ? "How and why" : "Columns", between, (edge) => [el("p", {}, column(edge.s, edge.sc), " → ", edge.row ? "rows" : column(edge.t, edge.tc)), telling(edge)]),
    ];
  }

  async function show(state, view) {
    const mine = ++turn;
    const panel = id("panel");
    let content;
    if (state.e) content = await ofEdge(state.e);
    else {
      await store.columns([view.chosen, ...store.neighbours(view.chosen, "u")]);
      const c = state.c ? store.columnNumber(view.chosen, state.c) : -1;
      content = c >= 0 && view.lit ? ofColumn(view.chosen, c, view.lit) : [...ofDataset(view.chosen), await L.code.all(view.chosen, state.at)];
    }
    if (mine !== turn) return;
    id("panel-body").replaceChildren(...content.flat(3).filter((child) => child || child === 0));
    const found = state.at && document.querySelector("#panel mark"); // what a search found
    if (found) found.scrollIntoView({ block: "center" });
    panel.dataset.shows = state.e ? "edge" : state.c ? "column" : "dataset";
  }

  L.panel = { show };
})((window.LINEAGE = window.LINEAGE || {}));
