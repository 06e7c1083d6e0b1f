// Puts the parts together: the hash says what to show, the controls change the hash.
(function (L) {
  "use strict";
  const { id } = L.dom;
  const ALL = 99; // levels: as far as it goes
  const AHEAD = 500; // cards whose columns are read before anybody asks: to trace through them is then no wait
  let turn = 0;

  async function show(state) {
    const mine = ++turn;
    L.filters.prepare(state);
    const known = L.store.number.has(state.d);
    await ready(known);
    const list = state.view === "list";
    const view = known ? await L.focus.build(state) : null;
    if (mine !== turn) return; // the reader is elsewhere already
    const parts = { graph: known && !list, map: !known && !list, list, panel: known, levels: known && !list, minimap: false, "tools-float": !list };
    for (const [name, on] of Object.entries(parts)) id(name).toggleAttribute("hidden", !on); // SVG has no .hidden
    document.body.classList.toggle("with-panel", known);
    const title = L.store.core.project.name || "Lineage";
    document.title = (known ? L.store.core.datasets.name[view.root] + (state.c ? "." + state.c : "") + " · " : "") + title;
    id("hint").textContent = state.d && !known ? `There is no dataset ${state.d} in this version of the site.` : "";
    if (known) {
      L.graph.show(view, state);
      await L.store.later();
      await L.panel.show(state, view);
    } else L.map.show();
    if (list) await L.store.later().then(() => L.list(state, view));
    if (mine !== turn) return;
    for (const side of ["up", "down"]) id(side + "-levels").textContent = state[side] >= ALL ? "all" : state[side];
    id("list-toggle").setAttribute("aria-pressed", list);
    document.body.dataset.ready = mine;
    if (known) ahead([...view.cards.keys()].slice(0, AHEAD), mine);
    L.shown = location.hash; // this state is on the screen
  }

  // The scripts of the view that is asked for, the graph's or the map's.
  async function ready(graph) {
    await L.store.script(graph ? "focused" : "overview");
    const part = graph ? L.graph : L.map;
    if (!part.camera) part.start();
    L.stage = part; // what the keys and the tool bar work on
  }

  // One dataset at a time, when the page has nothing else to do: its shard is loaded and its edges are unpacked.
  function ahead(datasets, mine) {
    const next = datasets.find((i) => !(L.store.loaded.get(i) || {}).edges);
    if (next === undefined || mine !== turn) return;
    requestIdleCallback(() => mine === turn && L.store.columns([next]).then(() => L.store.edgesInto(next)).then(() => ahead(datasets, mine)), { timeout: 500 });
  }

  function actions() {
    const { state, go } = L.route;
    const level = (side, step) => go({ [side]: state[side] >= ALL ? (step < 0 ? 1 : ALL) : Math.max(0, state[side] + step) });
    return {
      "up+": () => level("up", 1), "up-": () => level("up", -1),
      "down+": () => level("down", 1), "down-": () => level("down", -1),
      // With a column chosen, its own trace; else all that the dataset is made from.
      sources: () => go(state.c ? { full: "1" } : { up: ALL, cut: [] }),
      exposures: () => go(state.c ? { full: "1" } : { down: ALL, cut: [] }),
      unfold: () => go({ open: L.graph.view.nodes.map((node) => L.store.core.datasets.id[node.i]) }),
      fold: () => go({ open: [] }),
      fit: () => L.stage.whole(),
      in: () => L.stage.camera.zoom(1.3),
      out: () => L.stage.camera.zoom(1 / 1.3),
      map: () => go({ d: "", s: "", c: "", e: "", full: "", view: "" }),
      list: () => go({ view: state.view ? "" : "list" }),
      search: () => L.search.open(),
      unfilter: () => go({ kind: "", tag: "", owner: "", folder: "", finding: "", marked: "" }),
      svg: () => L.export.svg(), png: () => L.export.png(), mermaid: () => L.export.mermaid(),
      close: () => go(state.e ? { e: "" } : state.c ? { c: "", full: "" } : { s: "" }),
      options: () => document.body.classList.toggle("with-options"),
    };
  }

  async function start() {
    await L.store.start();
    L.filters.start();
    L.theme.on(() => L.stage && L.stage.redraw());
    document.addEventListener("click", (event) => {
      const control = event.target.closest("[data-do]");
      if (!control) return;
      if (control.closest(".menu")) control.closest(".menu").open = false;
      L.store.later().then(() => actions()[control.dataset.do]());
    });
    addEventListener("beforeprint", () => {
      if (!L.stage) return;
      L.stage.whole();
      L.stage.redraw();
    });
    L.route.on((state) => show(state).catch(failed));
    L.route.announce();
    await L.store.later();
    for (const part of [L.keys, L.search, L.legend, L.minimap]) part.start();
    if (L.graph && L.graph.view) L.minimap.show(L.graph.view, L.graph.camera);
    if (/[#&]q=/.test(location.hash)) L.search.open(L.route.state.q);
  }

  function failed(error) {
    id("hint").textContent = "The site's data could not be read: " + error.message;
    throw error;
  }

  start().catch(failed);
})((window.LINEAGE = window.LINEAGE || {}));
