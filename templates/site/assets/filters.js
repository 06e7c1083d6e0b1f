// What is kept in full colour: the rest is dimmed, not hidden, since a lineage with holes misleads. Search obeys too.
(function (L) {
  "use strict";
  const { el, id } = L.dom;
  const FIELDS = { kind: "kinds", tag: "tags", owner: "owners", folder: "folders" };
  let wanted = {};

  // Once a change, not once a dataset: names become the numbers that the shard holds.
  function prepare(state) {
    wanted = {};
    for (const [field, list] of Object.entries(FIELDS)) {
      if (state[field]) wanted[field] = L.store.core[list].indexOf(state[field]);
      id("filter-" + field).value = state[field];
    }
    wanted.finding = state.finding === "1";
    id("filter-finding").checked = wanted.finding;
    for (const kind of ["value", "row"]) id("edges-" + kind).checked = L.route.active(state, kind);
    id("min").value = state.min;
    id("min-value").textContent = state.min ? "≥ " + L.words.sure(state.min) : "all";
    const count = Object.keys(FIELDS).filter((field) => state[field]).length + (wanted.finding ? 1 : 0);
    id("filter-count").textContent = count ? ` (${count})` : "";
  }

  function matches(i) {
    const { kind, tags, owner, folder, findings } = L.store.core.datasets;
    return (wanted.kind === undefined || kind[i] === wanted.kind) && (wanted.tag === undefined || tags[i].includes(wanted.tag)) &&
      (wanted.owner === undefined || owner[i] === wanted.owner) && (wanted.folder === undefined || folder[i] === wanted.folder) &&
      (!wanted.finding || findings[i] > 0);
  }

  function start() {
    for (const [field, list] of Object.entries(FIELDS)) {
      const select = id("filter-" + field);
      select.append(el("option", { value: "" }, "any"), ...L.store.core[list].map((name) => el("option", { value: name }, name)));
      select.parentElement.hidden = !L.store.core[list].length;
      select.addEventListener("change", () => L.route.go({ [field]: select.value }));
    }
    id("filter-finding").addEventListener("change", (event) => L.route.go({ finding: event.target.checked ? "1" : "" }));
    for (const kind of ["value", "row"]) {
      id("edges-" + kind).addEventListener("change", () =>
        L.route.go({ edges: ["value", "row"].filter((name) => id("edges-" + name).checked).join(",") || "none" }));
    }
    id("min").addEventListener("input", (event) => L.route.go({ min: Number(event.target.value) }, true));
  }

  L.filters = { start, prepare, matches };
})((window.LINEAGE = window.LINEAGE || {}));
