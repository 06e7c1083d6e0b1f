// The same view as a list: for screen readers, and for everyone who would rather read than look.
(function (L) {
  "use strict";
  const { el, id } = L.dom;
  const NAMED = 8; // neighbours in a cell
  const MOST = 500; // rows; filters and search narrow it down

  const link = (i) => el("a", { href: L.route.link({ d: L.store.core.datasets.id[i], s: "", c: "", e: "" }) }, L.store.core.datasets.name[i]);

  function cells(i) {
    const { columns, lowest } = L.store.core.datasets;
    const names = (side) => {
      const others = [...new Set(L.store.neighbours(i, side))];
      return [others.slice(0, NAMED).map((other, n) => [n ? ", " : "", link(other)]), others.length > NAMED && ` and ${others.length - NAMED} more`];
    };
    return [L.words.plain(L.store.kind(i)), String(columns[i]), names("u"), names("d"), L.words.sure(lowest[i])].map((content) => el("td", {}, content));
  }

  L.list = function (state, view) {
    const all = view ? view.layers.flat().map((node) => node.i) : L.store.core.datasets.id.map((_, i) => i);
    const kept = all.filter(L.filters.matches);
    const heads = ["Dataset", "Kind", "Columns", "Reads", "Read by", "Least confidence"];
    id("list").replaceChildren(
      el("p", {}, L.dom.plural(kept.length, "dataset"), kept.length > MOST && `, the first ${MOST} shown`),
      el("table", {}, el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
        el("tbody", {}, kept.slice(0, MOST).map((i) => el("tr", {}, el("th", { scope: "row" }, link(i)), cells(i))))));
  };
})((window.LINEAGE = window.LINEAGE || {}));
