// The current view as a file, the graph or the map: SVG, PNG or Mermaid.
(function (L) {
  "use strict";
  const { svg } = L.dom;
  // A saved picture has no style sheet: what the sheet says is written onto each element.
  const LOOKS = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "fill-opacity", "opacity", "font-size", "font-weight", "font-family", "text-anchor"];

  function dress(live, copy) {
    const look = getComputedStyle(live);
    for (const name of LOOKS) copy.setAttribute(name, look.getPropertyValue(name));
    for (const name of ["tabindex", "role"]) copy.removeAttribute(name);
    for (let i = 0; i < live.children.length; i++) dress(live.children[i], copy.children[i]);
  }

  const onMap = () => L.stage === L.map;

  // The map is a canvas: the same blocks, lines and names once more, as shapes.
  function mapPicture() {
    const { datasets, edges, node, bands } = L.store.core;
    const [w, h] = node;
    const width = Math.max(...datasets.x) + w, height = Math.max(...datasets.y) + h;
    const soft = L.words.groupNames.map((group) => L.theme.color(`--kind-${group}-soft`)), tint = L.words.groupNames.map((group) => L.theme.color("--kind-" + group));
    const lines = edges.source.map((a, e) => `M${datasets.x[a] + w} ${datasets.y[a] + h / 2}L${datasets.x[edges.target[e]]} ${datasets.y[edges.target[e]] + h / 2}`).join("");
    const root = svg("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `-40 -60 ${width + 80} ${height + 100}`, width: width + 80, height: height + 100, "font-family": "sans-serif" },
      svg("rect", { x: -40, y: -60, width: width + 80, height: height + 100, fill: L.theme.color("--paper") }),
      svg("path", { d: lines, fill: "none", stroke: L.theme.color("--identity"), "stroke-opacity": 0.5 }),
      bands.map((band) => svg("text", { x: band.x, y: -30, "font-size": 16, fill: L.theme.color("--quiet") }, band.label)),
      datasets.id.map((_, i) => {
        const group = L.words.group(L.store.kind(i)), mark = L.store.markOf(i);
        return [
          svg("rect", { x: datasets.x[i], y: datasets.y[i], width: w, height: h, rx: 3, fill: soft[group], stroke: mark ? L.theme.color("--mark-" + mark) : tint[group], opacity: L.filters.matches(i) ? 1 : 0.2 }),
          svg("text", { x: datasets.x[i] + 8, y: datasets.y[i] + h / 2 + 4, "font-size": 12, fill: L.theme.color("--ink") }, L.dom.shorten(datasets.name[i], 24)),
        ];
      }));
    return { text: new XMLSerializer().serializeToString(root), width: width + 80, height: height + 100 };
  }

  function picture() {
    if (onMap()) return mapPicture();
    const live = L.graph.mountAll();
    const copy = live.cloneNode(true);
    dress(live, copy);
    for (const gone of copy.querySelectorAll(".hit, .side, .fold")) gone.remove();
    L.graph.redraw();
    const { x, y, width, height } = L.graph.view.box;
    copy.removeAttribute("transform");
    const box = [x - 40, y - 40, width + 80, height + 80];
    const root = svg("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: box.join(" "), width: box[2], height: box[3] },
      svg("rect", { x: box[0], y: box[1], width: box[2], height: box[3], fill: L.theme.color("--paper") }), copy);
    return { text: new XMLSerializer().serializeToString(root), width: box[2], height: box[3] };
  }

  function save(content, type, ending) {
    const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
    const name = (onMap() ? L.store.core.project.name || "lineage" : L.store.core.datasets.name[L.graph.view.root]).replace(/[^\w.-]+/g, "_");
    const link = L.dom.el("a", { href: address, download: name + "." + ending });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  function png() {
    const { text, width, height } = picture();
    const most = 8000; // pixels a side: browsers refuse much larger canvases
    const scale = Math.min(2, most / width, most / height);
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [width * scale, height * scale];
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => save(blob, "image/png", "png"));
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
  }

  // Mermaid reads HTML entities in labels, so that is how quotes and brackets get there.
  const quoted = (text) => '"' + text.replace(/[^\p{L}\p{N} _.,:/-]/gu, (letter) => `#${letter.codePointAt(0)};`) + '"';

  function mermaid() {
    const { name } = L.store.core.datasets;
    const lines = ["flowchart LR"];
    if (onMap()) {
      const { source, target, flags } = L.store.core.edges;
      name.forEach((label, i) => lines.push(`  d${i}[${quoted(label)}]`));
      source.forEach((a, e) => lines.push(`  d${a} ${(flags[e] & 3) === 2 || flags[e] & 12 ? "-.->" : "-->"} d${target[e]}`));
      return lines.join("\n") + "\n";
    }
    for (const node of L.graph.view.nodes) {
      if (!node.rows.length) lines.push(`  d${node.i}[${quoted(name[node.i])}]`);
      else {
        lines.push(`  subgraph d${node.i}[${quoted(name[node.i])}]`);
        for (const c of node.rows) lines.push(`    d${node.i}c${c}[${quoted(L.store.columnName(node.i, c))}]`);
        lines.push("  end");
      }
    }
    const end = (node, c) => `d${node.i}` + (c >= 0 && node.rows.includes(c) ? "c" + c : "");
    for (const { a, b, edge, row, doubt } of L.graph.view.edges) {
      lines.push(`  ${end(a, edge ? edge.sc : -1)} ${row || doubt ? "-.->" : "-->"} ${end(b, edge ? edge.tc : -1)}`);
    }
    return lines.join("\n") + "\n";
  }

  L.export = {
    svg: () => save(picture().text, "image/svg+xml", "svg"),
    png,
    mermaid: () => save(mermaid(), "text/plain", "mmd"),
  };
})((window.LINEAGE = window.LINEAGE || {}));
