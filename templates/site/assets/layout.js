// A layered drawing of a small graph: layers by longest path, long edges broken at every layer they pass, barycentre
// sweeps against crossings, then heights that pull neighbours level. Data flows from left to right.
(function (L) {
  "use strict";
  const ACROSS = 96; // between layers
  const APART = 22; // between cards of a layer
  const SWEEPS = 8;

  // Numbers in an order in which sources come first; an edge that would close a circle is turned round.
  function orient(size, links) {
    const out = Array.from({ length: size }, () => []);
    for (const link of links) out[link.source].push(link);
    const mark = new Uint8Array(size); // 1 on the way, 2 done
    const order = [];
    for (let root = 0; root < size; root++) {
      if (mark[root]) continue;
      const stack = [[root, 0]]; // no recursion: a chain may be thousands long
      mark[root] = 1;
      while (stack.length) {
        const top = stack[stack.length - 1];
        const link = out[top[0]][top[1]++];
        if (!link) {
          mark[top[0]] = 2;
          order.push(top[0]);
          stack.pop();
        } else if (mark[link.target] === 1) link.turned = true;
        else if (!mark[link.target]) {
          mark[link.target] = 1;
          stack.push([link.target, 0]);
        }
      }
    }
    return order.reverse();
  }

  const first = (link) => (link.turned ? link.target : link.source);
  const last = (link) => (link.turned ? link.source : link.target);

  function layers(size, links, order) {
    const ins = Array.from({ length: size }, () => []);
    const outs = Array.from({ length: size }, () => []);
    for (const link of links) {
      if (link.source === link.target) continue;
      ins[last(link)].push(first(link));
      outs[first(link)].push(last(link));
    }
    const layer = new Int32Array(size);
    for (const i of order) for (const before of ins[i]) layer[i] = Math.max(layer[i], layer[before] + 1);
    // A source belongs beside its reader, not at the far left of the picture.
    for (const i of order.slice().reverse()) {
      if (!outs[i].length || ins[i].length > outs[i].length) continue;
      const room = Math.min(...outs[i].map((after) => layer[after])) - 1;
      if (room > layer[i]) layer[i] = room;
    }
    return layer;
  }

  // Every link becomes a chain over all layers it crosses, so that it is given room there.
  function chains(nodes, links, layer) {
    const points = nodes.map((node, i) => ({ h: node.h, layer: layer[i], left: [], right: [], node }));
    for (const link of links) {
      link.chain = [];
      if (link.source === link.target) continue;
      let before = points[first(link)];
      let port = link.turned ? link.to : link.from;
      const end = points[last(link)];
      for (let at = before.layer + 1; at < end.layer; at++) {
        const bend = { h: 8, layer: at, left: [], right: [], node: null };
        points.push(bend);
        link.chain.push(bend);
        join(before, bend, port, 4);
        before = bend;
        port = 4;
      }
      join(before, end, port, link.turned ? link.from : link.to);
    }
    return points;
  }

  function join(a, b, from, to) {
    a.right.push({ other: b, mine: from, theirs: to });
    b.left.push({ other: a, mine: to, theirs: from });
  }

  function columnsOf(points) {
    const columns = [];
    for (const point of points) (columns[point.layer] = columns[point.layer] || []).push(point);
    for (let at = 0; at < columns.length; at++) columns[at] = columns[at] || [];
    return columns;
  }

  function rank(column) {
    column.forEach((point, index) => (point.rank = index));
  }

  // Each point goes to the mean place of its neighbours on one side; a port's height breaks ties between edges of one card.
  function sweep(columns, side) {
    for (const column of columns) {
      for (const point of column) {
        const near = point[side];
        let sum = 0;
        for (const tie of near) sum += tie.other.rank + tie.theirs / (tie.other.h + 1);
        point.wish = near.length ? sum / near.length : point.rank;
      }
      column.sort((a, b) => a.wish - b.wish || a.rank - b.rank);
      rank(column);
    }
  }

  // The nearest heights to what each point of a column wishes, in order and apart: pool neighbours that overlap, and give
  // the pool its mean wish (isotonic regression).
  function settle(column) {
    const pools = [];
    let offset = 0;
    for (const point of column) {
      point.offset = offset;
      offset += point.h + (point.node ? APART : 6);
      const weight = point.node ? 1 : 4; // long edges straight first
      let pool = { sum: (point.want - point.offset) * weight, weight, points: [point] };
      while (pools.length && pools[pools.length - 1].sum / pools[pools.length - 1].weight > pool.sum / pool.weight) {
        const above = pools.pop();
        above.sum += pool.sum;
        above.weight += pool.weight;
        for (const one of pool.points) above.points.push(one);
        pool = above;
      }
      pools.push(pool);
    }
    for (const pool of pools) for (const point of pool.points) point.y = pool.sum / pool.weight + point.offset;
  }

  function heights(columns) {
    for (const column of columns) {
      let y = 0;
      for (const point of column) {
        point.y = y;
        y += point.h + APART;
      }
      for (const point of column) point.y -= y / 2;
    }
    for (let round = 0; round < SWEEPS; round++) {
      const side = round % 2 ? "right" : "left";
      const sequence = round % 2 ? columns.slice().reverse() : columns;
      for (const column of sequence) {
        for (const point of column) {
          const near = point[side].length ? point[side] : point[side === "left" ? "right" : "left"];
          let sum = 0;
          for (const tie of near) sum += tie.other.y + tie.theirs - tie.mine;
          point.want = near.length ? sum / near.length : point.y;
        }
        settle(column);
      }
    }
  }

  // nodes: {w, h}; they are given x and y. links: {source, target, from, to}, ends as numbers of nodes, ports as heights
  // within them; they are given `bends`, the points they pass from source to target.
  L.layout = function (nodes, links) {
    const order = orient(nodes.length, links);
    const points = chains(nodes, links, layers(nodes.length, links, order));
    const columns = columnsOf(points);
    columns.forEach(rank);
    for (let round = 0; round < SWEEPS; round++) {
      if (round % 2) sweep(columns.slice().reverse(), "right");
      else sweep(columns, "left");
    }
    heights(columns);
    let x = 0;
    for (const column of columns) {
      const width = column.reduce((most, point) => Math.max(most, point.node ? point.node.w : 0), 0);
      for (const point of column) {
        point.x = x;
        point.w = width;
        if (point.node) Object.assign(point.node, { x, y: point.y, layer: point.layer });
      }
      x += width + ACROSS;
    }
    for (const link of links) {
      // A bend is as wide as its layer: the edge passes straight between the cards and curves only between layers.
      link.bends = link.chain.flatMap((bend) => [[bend.x, bend.y + 4], [bend.x + bend.w, bend.y + 4]]);
      if (link.turned) link.bends.reverse();
      delete link.chain;
    }
    return columns.map((column) => column.filter((point) => point.node).map((point) => point.node));
  };
})((window.LINEAGE = window.LINEAGE || {}));
