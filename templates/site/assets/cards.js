// Cards and edges as SVG elements. Looks are classes; the style sheet knows the colours.
(function (L) {
  "use strict";
  const { svg, shorten } = L.dom;
  const { HEAD, ROW, WIDTH } = L.focus;
  const store = L.store;

  const SIGNS = { added: "+", removed: "−", changed: "~", affected: "!" }; // not by colour alone

  function button(x, y, action, sign, label) {
    return svg("g", { class: "side", "data-action": action, transform: `translate(${x} ${y})`, role: "button", "aria-label": label },
      svg("circle", { r: 8 }), svg("path", { d: sign === "+" ? "M-4 0h8M0-4v8" : "M-4 0h8" }), svg("title", {}, label));
  }

  function sides(node) {
    return ["u", "d"].flatMap((side) => {
      const x = side === "u" ? 0 : WIDTH;
      const where = side === "u" ? "upstream" : "downstream";
      return [
        node.hidden[side] && button(x, HEAD / 2 - (node.less[side] ? 9 : 0), "grow." + side, "+", `Show ${node.hidden[side]} more ${where}`),
        node.less[side] && button(x, HEAD / 2 + (node.hidden[side] ? 9 : 0), "cut." + side, "−", `Hide what is ${where}`),
      ];
    });
  }

  function row(node, c, index, view) {
    const data = store.loaded.get(node.i);
    const [name, type] = data.columns[c];
    const badge = L.words.badge(node.i, c);
    const lit = view.lit && view.lit.columns.has(node.i) && view.lit.columns.get(node.i).has(c);
    const chosen = view.column && view.chosen === node.i && name === view.column;
    const mark = store.markOfColumn(node.i, c);
    return svg("g", {
      class: "row" + (chosen ? " chosen" : lit ? " lit" : "") + (mark ? " m-" + mark : ""), "data-column": name, transform: `translate(0 ${HEAD + index * ROW})`,
      role: "button", tabindex: -1, "aria-label": `${mark ? mark + " " : ""}column ${name}${badge ? ", " + L.words.MEANINGS[badge] : ""}`,
    },
      svg("rect", { class: "back", x: 1, width: WIDTH - 2, height: ROW }),
      svg("text", { class: "type", x: 18, y: 15 }, L.words.typeGlyph(data.texts[type])),
      svg("text", { x: 32, y: 15 }, shorten(name, 25)),
      mark && svg("text", { class: "sign", x: 6, y: 15 }, SIGNS[mark]),
      badge && svg("text", { class: "badge b-" + badge, x: WIDTH - 18, y: 15 }, badge),
      svg("title", {}, name + (data.texts[type] ? " " + data.texts[type] : "")));
  }

  function card(node, view, far) {
    const { id, name, columns, findings } = store.core.datasets;
    const kind = store.kind(node.i);
    const group = L.words.group(kind);
    const label = name[node.i];
    const where = id[node.i].endsWith(label) ? id[node.i].slice(0, -label.length).replace(/[.:/]+$/, "") : "";
    const open = view.open.has(node.i);
    const mark = store.markOf(node.i);
    const classes = ["card", mark && "is-marked m-" + mark, "is-" + L.words.groupNames[group], node.i === view.root && "root", node.i === view.chosen && "chosen", !view.matches(node.i) && "dim"];
    return svg("g", {
      class: classes.filter(Boolean).join(" "), "data-dataset": node.i, "data-id": id[node.i], transform: `translate(${node.x} ${node.y})`,
      // a group, since it holds buttons; Enter and Space work on it all the same (keys.js)
      role: "group", tabindex: node.i === view.cursor ? 0 : -1,
      "aria-label": `${mark ? mark + " " : ""}${L.words.plain(kind)} ${label}, ${L.dom.plural(columns[node.i], "column")}`,
    },
      svg("rect", { class: "sheet", width: node.w, height: node.h, rx: 7 }),
      svg("path", { class: "head", d: node.rows.length ? `M0 ${HEAD}V7a7 7 0 0 1 7-7H${node.w - 7}a7 7 0 0 1 7 7V${HEAD}z` : `M7 0H${node.w - 7}a7 7 0 0 1 7 7V${HEAD - 7}a7 7 0 0 1-7 7H7a7 7 0 0 1-7-7V7a7 7 0 0 1 7-7z` }),
      svg("rect", { class: "body", width: node.w, height: node.h, rx: 7 }),
      mark && svg("g", { class: "sign" }, svg("rect", { x: 8, y: -14, width: mark.length * 6.6 + 12, height: 16, rx: 4 }), svg("text", { x: 14, y: -2.5 }, mark)),
      far
        ? svg("text", { class: "big", x: 10, y: HEAD / 2 + 8 }, shorten(label, 17))
        : [
            svg("path", { class: "glyph", d: L.words.GLYPHS[group], transform: "translate(14 14)" }),
            svg("text", { class: "name", x: 36, y: 18 }, shorten(label, 19)),
            svg("text", { class: "note", x: 36, y: 33 }, (where ? shorten(where, 15) + " · " : "") + L.dom.plural(node.total, "column")),
            findings[node.i] > 0 && svg("circle", { class: "finding", cx: node.w - 8, cy: 8, r: 3.5 }, svg("title", {}, L.dom.plural(findings[node.i], "finding"))),
            node.total > 0 && svg("g", { class: "fold", "data-action": "fold", transform: `translate(${node.w - 24} 21)`, role: "button", "aria-label": open ? "Fold" : "Unfold" },
              svg("rect", { x: -10, y: -10, width: 20, height: 20, rx: 4 }), svg("path", { d: open ? "M-4 2l4-4 4 4" : "M-4-2l4 4 4-4" })),
            node.rows.map((c, index) => row(node, c, index, view)),
            sides(node),
          ],
      svg("title", {}, id[node.i]));
  }

  // Points from the source's right end over the bends to the target's left end; smooth between layers, straight across them.
  function path(edge) {
    const points = [[edge.a.x + edge.a.w, edge.a.y + edge.from], ...edge.link.bends, [edge.b.x, edge.b.y + edge.to]];
    if (edge.a === edge.b) {
      // It reads itself: a loop over the card.
      const [[right, y], [left]] = points, top = edge.a.y - 18;
      return `M${right} ${y}C${right + 40} ${y} ${right + 40} ${top} ${right - 20} ${top}H${left + 20}C${left - 40} ${top} ${left - 40} ${y} ${left} ${y}`;
    }
    let d = `M${points[0]}`;
    for (let i = 1; i < points.length; i++) {
      const [x, y] = points[i - 1], [tx, ty] = points[i];
      const bow = tx > x ? (tx - x) / 2 : 70; // back to an earlier layer: a loop
      d += i % 2 ? `C${x + bow} ${y} ${tx - bow} ${ty} ${tx} ${ty}` : `L${tx} ${ty}`;
    }
    return d;
  }

  function line(edge, view) {
    const names = store.core.datasets.name;
    const classes = ["edge", edge.row ? "by-row" : "by-value", edge.subtype && "of-" + edge.subtype.toLowerCase(), edge.doubt && "doubt", edge.lit && "lit", edge.mark && "m-" + edge.mark, edge.dim && "dim", edge.key === view.edge && "chosen"];
    const d = path(edge);
    const label = `${names[edge.a.i]} to ${names[edge.b.i]}, ${edge.mark ? edge.mark + " " : ""}${L.words.plain(edge.subtype)} ${L.words.sure(edge.confidence)}`;
    return svg("g", { class: classes.filter(Boolean).join(" "), "data-edge": edge.key, role: "button", "aria-label": label },
      // Certain edges are plain, doubtful ones pale; never so pale that they are lost.
      svg("path", { class: "line", d, "stroke-opacity": (0.3 + 0.7 * (edge.confidence / 100)).toFixed(2) }),
      svg("path", { class: "hit", d }));
  }

  L.cards = { card, line };
})((window.LINEAGE = window.LINEAGE || {}));
