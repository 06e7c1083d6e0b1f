// The way of one column through the datasets: where its value comes from, and what it decides in turn.
(function (L) {
  "use strict";
  const store = L.store;

  // options: {within: a Set of datasets or null for all, min, value, row}
  L.trace = async function (dataset, column, options) {
    const lit = { columns: new Map(), edges: new Set(), between: new Map(), up: [], down: [], datasets: new Set([dataset]) };
    const inside = (i) => !options.within || options.within.has(i);
    const counts = (edge) => edge.confidence >= options.min && (edge.row ? options.row : options.value);

    function light(i, c) {
      lit.datasets.add(i);
      if (!lit.columns.has(i)) lit.columns.set(i, new Set());
      const known = lit.columns.get(i);
      if (c < 0 || known.has(c)) return false;
      known.add(c);
      return true;
    }

    // One side, hop by hop. `reach` are the datasets whose edges tell of the next hop, `step` says which of them count.
    async function walk(hops, reach, step) {
      let front = new Map([[dataset, new Set([column])]]);
      for (let hop = 1; front.size; hop++) {
        const next = new Map();
        const targets = new Set([...front.keys()].flatMap(reach));
        await store.columns(targets);
        for (const t of targets) {
          for (const edge of store.edgesInto(t)) {
            const end = counts(edge) && step(edge, front, hop);
            if (!end || !inside(end[0])) continue;
            if (!lit.edges.has(edge)) {
              lit.edges.add(edge);
              hops.push({ hop, edge });
              const ends = edge.s + ">" + edge.t;
              lit.between.has(ends) ? lit.between.get(ends).push(edge) : lit.between.set(ends, [edge]);
            }
            // What decides the rows of a dataset touches all its columns: it is told, and not followed further.
            if (!light(...end) || edge.row) continue;
            if (!next.has(end[0])) next.set(end[0], new Set());
            next.get(end[0]).add(end[1]);
          }
        }
        front = next;
      }
    }

    await store.columns([dataset]);
    light(dataset, column);
    await walk(lit.up, (i) => [i], (edge, front, hop) =>
      (edge.row ? hop === 1 : front.get(edge.t).has(edge.tc)) && [edge.s, edge.sc]);
    await walk(lit.down, (i) => store.neighbours(i, "d").filter(inside), (edge, front) =>
      front.has(edge.s) && front.get(edge.s).has(edge.sc) && [edge.t, edge.tc]);
    await store.columns(lit.datasets);
    return lit;
  };
})((window.LINEAGE = window.LINEAGE || {}));
