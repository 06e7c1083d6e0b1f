// The overview: every dataset where Python laid it out. A canvas, since ten thousand blocks are a matter of milliseconds there.
(function (L) {
  "use strict";
  const { id } = L.dom;
  const LABELS = 60; // names at once when zoomed out: the best connected ones, where there is room
  const READABLE = 12; // pixels of height
  const { ARROWS } = L.camera;
  const CALM = 90; // milliseconds of rest before the lines of a large map are drawn again
  const block = { w: 0, h: 0 };
  let canvas, pen, camera, data, cells, byDegree, hovered = -1, resting = 0, fitted = false;

  function start() {
    canvas = id("map");
    pen = canvas.getContext("2d");
    data = L.store.core.datasets;
    const size = data.id.length;
    [block.w, block.h] = L.store.core.node;
    byDegree = Array.from({ length: size }, (_, i) => i);
    const degree = byDegree.map((i) => L.store.into(i).length + L.store.from(i).length);
    byDegree.sort((a, b) => degree[b] - degree[a]);
    cells = new Map(); // the world in squares, to find what is under the pointer
    for (let i = 0; i < size; i++) {
      const cell = cellOf(data.x[i], data.y[i]);
      cells.has(cell) ? cells.get(cell).push(i) : cells.set(cell, [i]);
    }
    camera = map.camera = L.camera(canvas, () => draw(true), 0.001);
    canvas.addEventListener("pointermove", (event) => event.buttons || hover(under(event)));
    canvas.addEventListener("pointerleave", () => hover(-1));
    canvas.addEventListener("click", (event) => {
      const i = under(event);
      if (i >= 0) L.route.focus(data.id[i]);
    });
    new ResizeObserver(() => map.show()).observe(canvas.parentElement);
  }

  const cellOf = (x, y) => Math.floor(x / (block.w * 2)) + "," + Math.floor(y / (block.h * 8));

  function under(event) {
    const { x, y } = camera.world(event);
    const reach = 4 / camera.at.k; // a block of one pixel can be hit too
    for (const [dx, dy] of [[0, 0], [-block.w, 0], [0, -block.h], [-block.w, -block.h]]) {
      for (const i of cells.get(cellOf(x + dx, y + dy)) || []) {
        if (x >= data.x[i] - reach && x <= data.x[i] + block.w + reach && y >= data.y[i] - reach && y <= data.y[i] + block.h + reach) return i;
      }
    }
    return -1;
  }

  function hover(i) {
    if (i === hovered) return;
    hovered = i;
    canvas.classList.toggle("over", i >= 0);
    const mark = i < 0 ? "" : L.store.markOf(i);
    id("hint").textContent = i < 0 ? "" : `${data.name[i]} · ${mark && mark + " "}${L.words.plain(L.store.kind(i))} · ${L.dom.plural(data.columns[i], "column")} · ${L.store.into(i).length} up, ${L.store.from(i).length} down`;
    draw(true);
  }

  function draw(moving) {
    if (canvas.hidden) return;
    const { x, y, k } = camera.at;
    const ratio = devicePixelRatio || 1;
    const ink = L.theme.color("--ink"), faint = L.theme.color("--identity"), accent = L.theme.color("--accent");
    const tints = L.words.groupNames.map((group) => L.theme.color("--kind-" + group));
    const softs = L.words.groupNames.map((group) => L.theme.color(`--kind-${group}-soft`));
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    bands(x, y, k);
    const seen = camera.seen(20);
    const many = L.store.core.edges.source.length > 4000;
    if (!(moving && many)) lines(seen, x, y, k, faint);
    clearTimeout(resting);
    if (moving && many) resting = setTimeout(() => draw(false), CALM);
    const w = Math.max(2, block.w * k), h = Math.max(1.5, block.h * k);
    const close = h >= READABLE; // room for a name: then a block is a small card, else a dot
    const visible = [];
    for (const i of byDegree) {
      if (data.x[i] > seen.right || data.x[i] + block.w < seen.left || data.y[i] > seen.bottom || data.y[i] + block.h < seen.top) continue;
      visible.push(i);
      pen.globalAlpha = L.filters.matches(i) ? 1 : 0.12;
      const group = L.words.group(L.store.kind(i)), left = data.x[i] * k + x, top = data.y[i] * k + y;
      pen.fillStyle = close ? softs[group] : tints[group];
      pen.fillRect(left, top, w, h);
      const mark = L.store.markOf(i);
      if (mark) {
        pen.strokeStyle = L.theme.color("--mark-" + mark);
        pen.lineWidth = 2;
        pen.strokeRect(left - 1, top - 1, w + 2, h + 2);
      }
      if (!close) continue;
      pen.fillStyle = tints[group];
      pen.fillRect(left, top, 3, h);
    }
    pen.globalAlpha = 1;
    if (hovered >= 0) {
      pen.strokeStyle = accent;
      pen.lineWidth = 1.5;
      pen.beginPath();
      for (const e of [...L.store.into(hovered), ...L.store.from(hovered)]) segment(e, x, y, k);
      pen.stroke();
      pen.strokeRect(data.x[hovered] * k + x - 2, data.y[hovered] * k + y - 2, w + 4, h + 4);
    }
    names(visible, x, y, k, w, h, ink, close);
  }

  function bands(x, y, k) {
    pen.font = "600 12px system-ui, sans-serif";
    pen.textBaseline = "top";
    L.store.core.bands.forEach((band, n) => {
      const left = band.x * k + x, width = band.width * k;
      pen.fillStyle = L.theme.color(n % 2 ? "--paper" : "--raised");
      pen.fillRect(left, 0, width, canvas.height);
      pen.fillStyle = L.theme.color("--quiet");
      const label = width < 70 ? band.label.split(" · ")[0] : band.label; // of a narrow layer its number alone
      if (width > 16) pen.fillText(L.dom.shorten(label, Math.max(3, Math.floor(width / 7))), Math.max(left, 0) + 6, 10, width - 8);
    });
    const { below } = L.store.core;
    if (below === null) return;
    pen.fillStyle = L.theme.color("--raised");
    pen.fillRect(0, (below - 50) * k + y, canvas.width, canvas.height);
    pen.fillStyle = L.theme.color("--quiet");
    pen.fillText("nothing reads these, and nothing here makes them", Math.max(x, 0) + 6, (below - 8) * k + y - 14);
  }

  function segment(e, x, y, k) {
    const { source, target } = L.store.core.edges;
    const a = source[e], b = target[e];
    pen.moveTo((data.x[a] + block.w) * k + x, (data.y[a] + block.h / 2) * k + y);
    pen.lineTo(data.x[b] * k + x, (data.y[b] + block.h / 2) * k + y);
  }

  function lines(seen, x, y, k, color) {
    const { source, target } = L.store.core.edges;
    pen.strokeStyle = color;
    pen.lineWidth = 1;
    pen.globalAlpha = Math.max(0.04, Math.min(0.6, 600 / source.length)); // many lines make one grey field
    pen.beginPath();
    for (let e = 0; e < source.length; e++) {
      const ax = data.x[source[e]], bx = data.x[target[e]], ay = data.y[source[e]], by = data.y[target[e]];
      if ((ax < seen.left && bx < seen.left) || (ax > seen.right && bx > seen.right) || (ay < seen.top && by < seen.top) || (ay > seen.bottom && by > seen.bottom)) continue;
      segment(e, x, y, k);
    }
    pen.stroke();
    pen.globalAlpha = 1;
  }

  function names(visible, x, y, k, w, h, ink, close) {
    pen.font = "11px system-ui, sans-serif";
    pen.textBaseline = "middle";
    pen.strokeStyle = L.theme.color("--paper");
    pen.lineWidth = 4;
    pen.lineJoin = "round";
    const taken = new Set(); // coarse squares of the screen that hold a name
    let count = 0;
    for (const i of visible) {
      if (!close && count >= LABELS) break;
      const left = data.x[i] * k + x, middle = data.y[i] * k + y + h / 2;
      const label = L.dom.shorten(data.name[i], close ? Math.max(4, Math.floor((w - 10) / 6.4)) : 24);
      if (!close) {
        const row = Math.floor(middle / 9), squares = [];
        for (let column = Math.floor(left / 30); column <= (left + w + label.length * 6.5) / 30; column++) squares.push(row + ":" + column, row + 1 + ":" + column);
        if (squares.some((square) => taken.has(square)) || middle < 30) continue;
        for (const square of squares) taken.add(square);
      }
      count++;
      pen.fillStyle = ink;
      if (!close) pen.strokeText(label, left + w + 3, middle); // a halo, to be read on top of blocks
      pen.fillText(label, close ? left + 8 : left + w + 3, middle);
    }
  }

  const map = (L.map = {
    start,
    camera: null,
    show() {
      const ratio = devicePixelRatio || 1;
      canvas.width = canvas.clientWidth * ratio;
      canvas.height = canvas.clientHeight * ratio;
      if (!fitted && canvas.clientWidth) {
        fitted = true;
        map.fit();
      }
      draw(false);
    },
    fit() {
      const right = data.x.reduce((most, x) => Math.max(most, x), 0), bottom = data.y.reduce((most, y) => Math.max(most, y), 0);
      const left = data.x.reduce((least, x) => Math.min(least, x), right), top = data.y.reduce((least, y) => Math.min(least, y), bottom);
      camera.fit({ x: left, y: top, width: right - left + block.w, height: bottom - top + block.h }, 44, 2);
    },
    // The next dataset in a direction of the arrow keys: near, and rather ahead than aside.
    step(dx, dy) {
      const from = hovered >= 0 ? hovered : byDegree[0];
      let best = hovered >= 0 ? -1 : from, least = Infinity;
      for (let i = 0; hovered >= 0 && i < data.x.length; i++) {
        const ahead = (data.x[i] - data.x[from]) * dx + (data.y[i] - data.y[from]) * dy;
        const aside = Math.abs((data.x[i] - data.x[from]) * dy) + Math.abs((data.y[i] - data.y[from]) * dx);
        if (ahead > 0 && ahead + 3 * aside < least) [best, least] = [i, ahead + 3 * aside];
      }
      if (best < 0) return;
      hover(best);
      camera.reveal(data.x[best], data.y[best]);
    },
    // Whether the key meant something here.
    key(event) {
      if (ARROWS[event.key]) map.step(...ARROWS[event.key]);
      else if (event.key === "Enter" && hovered >= 0) L.route.focus(data.id[hovered]);
      else return false;
      return true;
    },
    whole: () => map.fit(),
    redraw: () => draw(false),
  });
})((window.LINEAGE = window.LINEAGE || {}));
