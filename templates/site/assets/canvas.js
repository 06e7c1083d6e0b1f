// The focused graph on the screen. Only what can be seen is in the document, so a view may be far larger than the page.
(function (L) {
  "use strict";
  const { svg, id } = L.dom;
  const FAR = 0.42; // below it a column's name is unreadable: a card is its name alone
  const MARGIN = 120; // pixels beyond the edge that are drawn already
  let host, world, edgeLayer, cardLayer, camera;
  let view = null;
  let far = false;
  const mounted = new Map(); // card or edge -> its element

  function start() {
    host = id("graph");
    edgeLayer = svg("g", { class: "edges" });
    cardLayer = svg("g", { class: "cards" });
    world = svg("g", {}, edgeLayer, cardLayer);
    host.append(world);
    camera = graph.camera = L.camera(host, draw);
    host.addEventListener("click", click);
    host.addEventListener("pointerover", (event) => {
      const edge = event.target.closest(".edge"); // its words only where somebody points: a view has hundreds
      if (edge && !edge.lastChild.textContent) edge.append(svg("title", {}, edge.getAttribute("aria-label")));
    });
    host.addEventListener("dblclick", (event) => {
      const card = event.target.closest(".card");
      if (card && !event.target.closest("[data-action]")) L.route.focus(card.dataset.id);
    });
  }

  function click(event) {
    const at = (selector) => event.target.closest(selector);
    const card = at(".card"), action = at("[data-action]"), row = at(".row"), edge = at(".edge");
    if (card) view.cursor = Number(card.dataset.dataset);
    if (action && card) act(action.dataset.action, card.dataset.id);
    else if (row) graph.choose(card.dataset.id, row.dataset.column);
    else if (card) L.route.go({ s: card.dataset.id, c: "", e: "", full: "" });
    else if (edge) L.route.go({ e: edge.dataset.edge });
    else if (L.route.state.e) L.route.go({ e: "" });
  }

  const without = (list, entry) => list.filter((other) => other !== entry);

  function act(action, dataset) {
    const { open, grow, cut } = L.route.state;
    const [verb, side] = action.split(".");
    const entry = dataset + "." + side;
    if (verb === "fold") L.route.go({ open: open.includes(dataset) ? without(open, dataset) : [...open, dataset] });
    // Growing what was cut takes the cut back, and cutting what was grown the growth.
    else if (verb === "grow") L.route.go(cut.includes(entry) ? { cut: without(cut, entry) } : { grow: [...grow, entry] });
    else L.route.go(grow.includes(entry) ? { grow: without(grow, entry) } : { cut: [...cut, entry] });
  }

  function key(edge) {
    const { id: ids } = L.store.core.datasets;
    const name = (i, c) => (edge.edge && c >= 0 ? L.store.columnName(i, c) : "");
    const { sc, tc } = edge.edge || {};
    return L.route.edgeKey([ids[edge.a.i], name(edge.a.i, sc), ids[edge.b.i], name(edge.b.i, tc), edge.subtype]);
  }

  function show(next, state) {
    const before = view;
    view = graph.view = Object.assign(next, { column: state.c, edge: state.e, matches: L.filters.matches });
    for (const edge of view.edges) {
      edge.key = key(edge);
      const xs = [edge.a.x + edge.a.w, edge.b.x], ys = [edge.a.y + edge.from, edge.b.y + edge.to];
      for (const [x, y] of edge.link.bends) xs.push(x), ys.push(y);
      edge.box = [Math.min(...xs) - 80, Math.min(...ys), Math.max(...xs) + 80, Math.max(...ys)];
    }
    view.cursor = before && view.cards.has(before.cursor) && before.root === view.root ? before.cursor : view.root;
    camera.measure(); // the panel may just have come, or gone
    const keepsFocus = document.activeElement && host.contains(document.activeElement);
    clear();
    if (before && before.root === view.root && before.full === state.full) steady(before);
    else graph.fit();
    view.full = state.full;
    draw();
    if (keepsFocus) point(view.cursor);
    if (L.minimap) L.minimap.show(view, camera); // it comes with the second script
  }

  // The card that was clicked stays under the pointer when the rest moves.
  function steady(before) {
    const old = before.cards.get(view.cursor), now = view.cards.get(view.cursor);
    camera.at.x += (old.x - now.x) * camera.at.k;
    camera.at.y += (old.y - now.y) * camera.at.k;
  }

  function clear() {
    mounted.clear();
    edgeLayer.replaceChildren();
    cardLayer.replaceChildren();
  }

  function draw() {
    if (!view) return;
    const { x, y, k } = camera.at;
    world.setAttribute("transform", `translate(${x} ${y}) scale(${k})`);
    if (far !== k < FAR) {
      far = k < FAR;
      clear();
    }
    const seen = camera.seen(MARGIN);
    for (const edge of view.edges) {
      const [left, top, right, bottom] = edge.box;
      place(edge, left < seen.right && right > seen.left && top < seen.bottom && bottom > seen.top, edgeLayer, L.cards.line);
    }
    for (const node of view.nodes) {
      const within = node.x < seen.right && node.x + node.w > seen.left && node.y < seen.bottom && node.y + node.h > seen.top;
      place(node, within, cardLayer, L.cards.card);
    }
    if (L.minimap) L.minimap.move();
  }

  function place(thing, within, layer, make) {
    const there = mounted.get(thing);
    if (within && !there) {
      const element = make(thing, view, far);
      mounted.set(thing, element);
      layer.append(element);
    } else if (!within && there && !there.contains(document.activeElement)) {
      there.remove();
      mounted.delete(thing);
    }
  }

  // The keyboard's cursor onto a card.
  function point(i, column) {
    const node = view.cards.get(i);
    if (!node) return;
    const old = mounted.get(view.cards.get(view.cursor));
    if (old) old.setAttribute("tabindex", -1);
    view.cursor = i;
    camera.reveal(node.x + node.w / 2, node.y + (column === undefined ? 20 : node.port(column)));
    place(node, true, cardLayer, L.cards.card);
    const card = mounted.get(node);
    card.setAttribute("tabindex", 0);
    const row = column === undefined ? null : card.querySelectorAll(".row")[node.rows.indexOf(column)];
    (row || card).focus({ preventScroll: true });
  }

  const graph = (L.graph = {
    start,
    show,
    point,
    act,
    redraw() {
      clear();
      draw();
    },
    choose: (dataset, column) =>
      L.route.go(L.route.state.c === column && (L.route.state.s || L.route.state.d) === dataset ? { c: "", full: "" } : { s: dataset, c: column, e: "" }),
    fit() {
      const root = view.cards.get(view.root) || view.nodes[0];
      camera.fit(view.box);
      // A picture that fits but cannot be read is no picture: begin at the dataset in question.
      if (camera.at.k < 0.5) {
        camera.at.k = 0.8;
        camera.center(root.x + root.w / 2, root.y + root.h / 2);
      }
    },
    whole: () => camera.fit(view.box),
    // The whole view in the document, for the export; `restore` puts culling back.
    mountAll() {
      far = false;
      clear();
      for (const edge of view.edges) place(edge, true, edgeLayer, L.cards.line);
      for (const node of view.nodes) place(node, true, cardLayer, L.cards.card);
      return world;
    },
    camera: null,
    view: null,
  });
})((window.LINEAGE = window.LINEAGE || {}));
