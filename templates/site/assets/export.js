// The current view as a file: SVG, PNG or Mermaid.
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

  function picture() {
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
    const name = L.store.core.datasets.name[L.graph.view.root].replace(/[^\w.-]+/g, "_");
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
