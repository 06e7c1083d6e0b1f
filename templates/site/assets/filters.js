// What is kept in full colour: the rest is dimmed, not hidden, since a lineage with holes misleads. Search obeys too.
(function (L) {
  "use strict";
  const { el, id } = L.dom;
  const FIELDS = { kind: "kinds", tag: "tags", owner: "owners", folder: "folders" };
  let wanted = {};

  const all = (css) => [...document.querySelectorAll(css)];
  const controls = (field) => all(`[data-filter="${field}"]`); // one beside the graph, one in the search

  // Once a change, not once a dataset: names become the numbers that the shard holds.
  function prepare(state) {
    wanted = {};
    for (const [field, list] of Object.entries(FIELDS)) {
      if (state[field]) wanted[field] = L.store.core[list].indexOf(state[field]);
      for (const control of controls(field)) control.value = state[field];
    }
    wanted.finding = state.finding === "1";
    wanted.marked = state.marked === "1";
    for (const control of controls("marked")) control.checked = wanted.marked;
    for (const control of controls("finding")) control.checked = wanted.finding;
    for (const kind of ["value", "row"]) id("edges-" + kind).checked = L.route.active(state, kind);
    id("min").value = state.min;
    id("min-value").textContent = state.min ? "≥ " + L.words.sure(state.min) : "all";
    const count = Object.keys(FIELDS).filter((field) => state[field]).length + (wanted.finding ? 1 : 0) + (wanted.marked ? 1 : 0);
    id("filter-count").textContent = count ? ` (${count})` : "";
    for (const clear of all("[data-do=unfilter]")) clear.hidden = !count;
    if (L.search) L.search.again();
  }

  function matches(i) {
    const { kind, tags, column_tags, owner, folder, findings } = L.store.core.datasets;
    return (wanted.kind === undefined || kind[i] === wanted.kind) && (wanted.tag === undefined || tags[i].includes(wanted.tag) || column_tags[i].includes(wanted.tag)) &&
      (wanted.owner === undefined || owner[i] === wanted.owner) && (wanted.folder === undefined || folder[i] === wanted.folder) &&
      (!wanted.finding || findings[i] > 0) && (!wanted.marked || L.store.markOf(i) !== "");
  }

  function start() {
    for (const [field, list] of Object.entries(FIELDS)) {
      for (const select of controls(field)) {
        select.append(el("option", { value: "" }, select.dataset.any || "any"), ...L.store.core[list].filter(Boolean).map((name) => el("option", { value: name }, field === "kind" ? L.words.plain(name) : name)));
        (select.closest("label") || select).hidden = !L.store.core[list].length;
        select.addEventListener("change", () => L.route.go({ [field]: select.value }));
      }
    }
    for (const field of ["finding", "marked"]) {
      for (const control of controls(field)) control.addEventListener("change", () => L.route.go({ [field]: control.checked ? "1" : "" }));
    }
    for (const control of controls("marked")) control.closest("label").hidden = !L.store.core.comparison;
    for (const kind of ["value", "row"]) {
      id("edges-" + kind).addEventListener("change", () =>
        L.route.go({ edges: ["value", "row"].filter((name) => id("edges-" + name).checked).join(",") || "none" }));
    }
    id("min").addEventListener("input", (event) => L.route.go({ min: Number(event.target.value) }, true));
  }

  L.filters = { start, prepare, matches };
})((window.LINEAGE = window.LINEAGE || {}));
