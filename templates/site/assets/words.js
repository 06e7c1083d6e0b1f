// What kinds, transformations and reasons are called and how they look; the legend, the cards and the panel agree by it.
(function (L) {
  "use strict";
  // Five tints are told apart at a glance, thirteen are not.
  const GROUPS = { source: 0, external: 0, seed: 0, file: 0, model: 1, ephemeral: 1, view: 2, materialized_view: 2, table: 3, snapshot: 3 };
  const GLYPHS = [
    "M2 4c0-3 10-3 10 0v6c0 3-10 3-10 0zM2 4c0 3 10 3 10 0", // a drum: comes from outside
    "M7 1l6 3v6l-6 3-6-3V4zM1 4l6 3 6-3M7 7v6", // a cube: built here
    "M1 7c3-6 9-6 12 0-3 6-9 6-12 0zM7 5a2 2 0 100 4 2 2 0 000-4", // an eye
    "M1 2h12v10H1zM1 5h12M5 5v7", // a grid
    "M2 3l4 4-4 4M7 11h5", // a prompt
  ];
  const TYPES = [
    [/bool/i, "✓"], [/date|time|interval/i, "◷"], [/json|struct|map|array|variant|object|record|super/i, "{}"],
    [/int|num|dec|float|double|real|money|serial|byte/i, "#"], [/char|text|string|uuid|clob/i, "A"],
  ];
  const BADGES = { identity: "=", transformation: "T", aggregation: "A", rename: "R", several: "T" };
  const MEANINGS = {
    "=": "passed through", R: "renamed", T: "transformed", A: "aggregated", "?": "not known where from",
  };
  const BANDS = [[95, "certain"], [75, "likely"], [40, "ambiguous"], [0, "guessed"]];

  function badge(i, c) {
    const edges = L.store.edgesInto(i).filter((edge) => edge.tc === c);
    if (!edges.length) return L.store.into(i).length ? "?" : "";
    const subtype = edges.length === 1 ? edges[0].subtype.toLowerCase() : edges.some((e) => e.subtype === "AGGREGATION") ? "aggregation" : "several";
    if (subtype !== "identity") return BADGES[subtype] || "T";
    return edges[0].renamed ? "R" : "=";
  }

  L.words = {
    GLYPHS, MEANINGS, badge,
    group: (kind) => (kind in GROUPS ? GROUPS[kind] : 4),
    groupNames: ["source", "model", "view", "table", "other"],
    typeGlyph: (type) => (TYPES.find(([pattern]) => pattern.test(type || "")) || [0, "·"])[1],
    // The words, and what the reason makes of the confidence, are Python's.
    reason({ kind, note, among }) {
      const [words, factor] = (L.store.core.evidence || {})[kind] || [L.words.plain(kind), 1];
      const worth = factor / (among || 1);
      return words + (note ? " (" + note + ")" : "") + (worth < 1 ? " · × " + worth.toFixed(2) : "");
    },
    plain: (name) => name.toLowerCase().replace(/_/g, " "),
    band: (confidence) => BANDS.find(([floor]) => confidence >= floor)[1],
    sure: (confidence) => confidence + " % " + L.words.band(confidence),
  };
})((window.LINEAGE = window.LINEAGE || {}));
