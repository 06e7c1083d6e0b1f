// What colours, lines and letters mean, drawn with the same classes as the graph itself.
(function (L) {
  "use strict";
  const { el, svg, id } = L.dom;

  const sample = (...children) => svg("svg", { width: 34, height: 18, "aria-hidden": "true" }, ...children);
  const line = (classes) => sample(svg("g", { class: "edge " + classes }, svg("path", { class: "line", d: "M2 9H32" })));
  const tinted = (group) => sample(svg("g", { class: "card is-" + L.words.groupNames[group] }, svg("rect", { class: "head body", x: 8, width: 18, height: 18, rx: 4 }), svg("path", { class: "glyph", d: L.words.GLYPHS[group], transform: "translate(10 2)" })));
  const letter = (sign) => sample(svg("g", { class: "row" }, svg("text", { class: "badge b-" + sign, x: 22, y: 14 }, sign)));

  L.legend = {
    start() {
      const marks = L.store.core.comparison ? L.store.core.comparison.marks.filter(Boolean) : [];
      const entries = [
        ...marks.map((name) => [sample(svg("rect", { class: "m-" + name + " outline", x: 8, y: 1, width: 18, height: 16, rx: 4 })), name]),
        ...marks.slice(0, 3).map((name) => [line("by-value m-" + name), name + " edge"]),
        ...L.words.groupNames.map((name, group) => [tinted(group), name]),
        [line("by-value of-identity"), "value, passed through"],
        [line("by-value of-transformation"), "value, transformed"],
        [line("by-value of-aggregation"), "value, aggregated"],
        [line("by-row of-filter"), "decides rows (join, filter, group)"],
        [line("by-value doubt"), "a candidate, or through a hole"],
        ...Object.entries(L.words.MEANINGS).map(([sign, words]) => [letter(sign), words]),
      ];
      id("legend").append(...entries.map(([picture, words]) => el("li", {}, picture, words)));
    },
  };
})((window.LINEAGE = window.LINEAGE || {}));
