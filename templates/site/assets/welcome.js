// The home page's map: the same picture as the graph page's, where a click leads there.
(function (L) {
  "use strict";
  const { el, id } = L.dom;

  async function start() {
    const place = id("map");
    await L.store.start();
    place.removeAttribute("id");
    place.append(el("canvas", { id: "map", role: "img", tabindex: 0, "aria-label": "Map of all datasets; the list below and the graph page say the same" }), el("p", { id: "hint", role: "status" }));
    place.hidden = false;
    L.map.start((dataset) => location.assign("graph.html#d=" + encodeURIComponent(dataset)), true);
    L.theme.on(L.map.redraw);
    id("map").addEventListener("keydown", (event) => L.map.key(event) && event.preventDefault());
    L.map.show();
  }

  start().catch(() => {}); // without its data the page still is what it is without scripts
})((window.LINEAGE = window.LINEAGE || {}));
