// Everything by keyboard. Arrows move along the lineage and through the columns of an open card.
(function (L) {
  "use strict";
  const { ARROWS } = L.camera;

  // The card nearest in height among the neighbours on one side, or the next one in the same layer.
  function step([dx, dy]) {
    const { view, point } = L.graph;
    const node = view.cards.get(view.cursor);
    const row = document.activeElement.closest(".row");
    if (dy && node.rows.length) {
      const at = row ? node.rows.indexOf(L.store.columnNumber(node.i, row.dataset.column)) + dy : dy > 0 ? 0 : -2;
      if (at >= 0 && at < node.rows.length) return point(node.i, node.rows[at]);
      if (at === -1) return point(node.i);
    }
    const layer = view.layers[node.layer];
    const near = dy
      ? [layer[layer.indexOf(node) + dy]].filter(Boolean)
      : view.edges.filter((edge) => (dx < 0 ? edge.b : edge.a) === node).map((edge) => (dx < 0 ? edge.a : edge.b));
    const best = near.sort((a, b) => Math.abs(a.y - node.y) - Math.abs(b.y - node.y))[0];
    if (best) point(best.i);
  }

  function onCard(event) {
    const { view, act, choose } = L.graph;
    const dataset = L.store.core.datasets.id[view.cursor];
    const row = document.activeElement.closest(".row");
    if (ARROWS[event.key]) step(ARROWS[event.key]);
    else if (event.key === "Enter") row ? choose(dataset, row.dataset.column) : event.shiftKey ? L.route.focus(dataset) : L.route.go({ s: dataset, c: "", e: "", full: "" });
    else if (event.key === " ") act("fold", dataset);
    else if (event.key === "[" || event.key === "]") act("grow." + (event.key === "[" ? "u" : "d"), dataset);
    else if (event.key === "{" || event.key === "}") act("cut." + (event.key === "{" ? "u" : "d"), dataset);
    else return false;
    return true;
  }

  // From the innermost outwards: the edge, the column, the chosen card, and then the way back to the map.
  function escape() {
    const { e, c, s, d } = L.route.state;
    L.route.go(e ? { e: "" } : c ? { c: "", full: "" } : s && s !== d ? { s: "" } : { d: "", s: "" });
  }

  function anywhere(event) {
    const { camera } = L.stage;
    if (event.key === "/" || (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey))) L.store.later().then(() => L.search.open());
    else if (event.ctrlKey || event.metaKey || event.altKey) return false;
    else if (event.key === "Escape") escape();
    else if (event.key === "+" || event.key === "=") camera.zoom(1.25);
    else if (event.key === "-") camera.zoom(0.8);
    else if (event.key === "f") L.stage.whole();
    else if (event.key === "m") L.route.go({ d: "", s: "", c: "", e: "", full: "" });
    else if (event.key === "l") L.route.go({ view: L.route.state.view ? "" : "list" });
    else return false;
    return true;
  }

  L.keys = {
    start() {
      document.addEventListener("keydown", (event) => {
        const target = event.target;
        const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
        if (document.querySelector("dialog[open]") || (typing && !(event.key === "Escape" || event.ctrlKey || event.metaKey))) return;
        const onItself = target.closest("#graph") && L.graph && !event.ctrlKey && onCard(event);
        if (onItself || (target.id === "map" && L.map.key(event)) || anywhere(event)) event.preventDefault();
      });
    },
  };
})((window.LINEAGE = window.LINEAGE || {}));
