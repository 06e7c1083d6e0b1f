// From the state in the hash to what is drawn: which datasets, which of their columns, which edges, and where.
(function (L) {
  "use strict";
  const store = L.store;
  const WIDTH = 236, HEAD = 42, ROW = 22, FOOT = 6;
  const CROWD = 60; // cards; from there on columns are joined by lines only where both cards are unfolded

  function counts(state) {
    const { flags, confidence } = store.core.edges;
    const wanted = (L.route.active(state, "value") ? 1 : 0) | (L.route.active(state, "row") ? 2 : 0);
    // An edge of which no column is known (neither 1 nor 2) goes with the values.
    return (e) => confidence[e] >= state.min && (flags[e] & 3 || 1) & wanted;
  }

  // The datasets in view: so many levels up and down, what was grown at a card, without what was cut off at one.
  function members(root, state, edgeCounts) {
    const found = new Set([root]);
    const grown = new Set(); // "number side": where a − can take something back
    const cut = new Set(state.cut);
    const next = (i, side) => {
      const list = side === "u" ? store.into(i) : store.from(i);
      const ends = side === "u" ? store.core.edges.source : store.core.edges.target;
      return Array.from(list).filter(edgeCounts).map((e) => ends[e]);
    };
    const level = (front, side) => {
      const fresh = [];
      for (const i of front) {
        if (cut.has(store.core.datasets.id[i] + "." + side)) continue;
        for (const other of next(i, side)) {
          if (found.has(other)) continue;
          found.add(other);
          fresh.push(other);
          grown.add(i + side);
        }
      }
      return fresh;
    };
    for (const [side, depth] of [["u", state.up], ["d", state.down]]) {
      let front = [root];
      for (let step = 0; step < depth && front.length; step++) front = level(front, side);
    }
    for (const entry of state.grow) {
      const i = store.number.get(entry.slice(0, -2));
      if (found.has(i)) level([i], entry.slice(-1));
    }
    return { found, grown, next };
  }

  function card(i, rows, circle) {
    const total = store.core.datasets.columns[i];
    const hidden = { u: 0, d: 0 };
    // A full trace is all there is of its column: nothing to grow.
    if (!circle.full) for (const side of ["u", "d"]) hidden[side] = new Set(circle.next(i, side).filter((n) => !circle.found.has(n))).size;
    return {
      i, rows, total, hidden, w: WIDTH, h: HEAD + (rows.length ? rows.length * ROW + FOOT : 0),
      less: { u: circle.grown.has(i + "u"), d: circle.grown.has(i + "d") },
      // where an edge meets the card: at the row of its column, else at the header
      port: (c) => (rows.indexOf(c) < 0 ? HEAD / 2 : HEAD + (rows.indexOf(c) + 0.5) * ROW),
    };
  }

  // The lines between two cards: one a pair of rows that are shown, else one for all.
  function lines(e, a, b, state, lit, crowd) {
    const { flags, confidence } = store.core.edges;
    const drawn = new Map();
    if (lit || (crowd ? a.rows.length && b.rows.length : a.rows.length || b.rows.length)) {
      // Of a chosen column only its paths.
      for (const edge of lit ? lit.between.get(a.i + ">" + b.i) || [] : store.edgesInto(b.i)) {
        if (edge.s !== a.i || edge.confidence < state.min || !L.route.active(state, edge.row ? "row" : "value")) continue;
        const from = a.rows.indexOf(edge.sc), to = b.rows.indexOf(edge.tc);
        if (from < 0 && to < 0) continue;
        const key = a.port(edge.sc) + ">" + b.port(edge.tc) + edge.row;
        const known = drawn.get(key);
        if (known && known.confidence >= edge.confidence) continue;
        drawn.set(key, { a, b, from: a.port(edge.sc), to: b.port(edge.tc), row: edge.row, subtype: edge.subtype, confidence: edge.confidence, doubt: edge.doubt, mark: store.mark(edge.mark), edge, lit: Boolean(lit) });
      }
    }
    if (drawn.size && !lit) return [...drawn.values()];
    const table = { a, b, from: HEAD / 2, to: HEAD / 2, row: (flags[e] & 3) === 2, subtype: "", confidence: confidence[e], doubt: Boolean(flags[e] & 12), mark: store.core.comparison ? store.mark(store.core.comparison.edges[e]) : "", edge: null, dim: Boolean(lit) };
    return drawn.size ? [...drawn.values()] : [table];
  }

  function shown(i, state, lit, open) {
    const all = store.loaded.get(i);
    if (!all) return [];
    if (open.has(i)) return all.columns.map((_, c) => c);
    return lit && lit.columns.has(i) ? [...lit.columns.get(i)].sort((a, b) => a - b) : [];
  }

  async function build(state) {
    const root = store.number.get(state.d);
    const edgeCounts = counts(state);
    const circle = members(root, state, edgeCounts);
    const open = new Set(state.open.map((id) => store.number.get(id)).filter((i) => i !== undefined));
    let lit = null;
    const chosen = store.number.get(state.s || state.d);
    if (state.c) {
      await store.columns([chosen]);
      const column = store.columnNumber(chosen, state.c);
      const switches = { min: state.min, value: L.route.active(state, "value"), row: L.route.active(state, "row") };
      if (column >= 0) lit = await L.trace(chosen, column, { within: state.full ? null : circle.found, ...switches });
      // The full trace shows its own datasets, and no others.
      if (lit && state.full) Object.assign(circle, { found: lit.datasets, grown: new Set(), full: true });
    }
    const crowd = circle.found.size > CROWD;
    // Edges lie with the dataset they lead into, so an open card needs its readers too.
    const needed = [...open].filter((i) => circle.found.has(i));
    if (needed.length) await store.columns(needed.concat(needed.flatMap((i) => store.neighbours(i, "d").filter((n) => circle.found.has(n) && (!crowd || open.has(n))))));
    const cards = new Map();
    for (const i of circle.found) cards.set(i, card(i, shown(i, state, lit, open), circle));
    const view = { cards, nodes: [...cards.values()], edges: [], lit, root, chosen, open };
    const links = [];
    const numbers = new Map(view.nodes.map((node, n) => [node.i, n]));
    for (const b of view.nodes) {
      for (const e of store.into(b.i)) {
        const a = cards.get(store.core.edges.source[e]);
        if (!a || !edgeCounts(e)) continue;
        const drawn = lines(e, a, b, state, lit, crowd);
        const mean = (name) => drawn.reduce((sum, line) => sum + line[name], 0) / drawn.length;
        const link = { source: numbers.get(a.i), target: numbers.get(b.i), from: mean("from"), to: mean("to") };
        links.push(link);
        for (const line of drawn) view.edges.push(Object.assign(line, { link }));
      }
    }
    view.layers = L.layout(view.nodes, links);
    view.box = bounds(view.nodes);
    return view;
  }

  function bounds(nodes) {
    const left = Math.min(...nodes.map((node) => node.x)), top = Math.min(...nodes.map((node) => node.y));
    const right = Math.max(...nodes.map((node) => node.x + node.w)), bottom = Math.max(...nodes.map((node) => node.y + node.h));
    return { x: left, y: top, width: right - left, height: bottom - top };
  }

  L.focus = { build, HEAD, ROW, WIDTH };
})((window.LINEAGE = window.LINEAGE || {}));
