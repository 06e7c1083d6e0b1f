// The SQL behind an edge, with its exact stretch lit. Python has cut the text into tokens; here they become elements.
(function (L) {
  "use strict";
  const { el, place } = L.dom;
  const AROUND = 6; // lines before and after the lit ones; the dataset's page has all

  const overlaps = (span, line, from, to) =>
    (line > span.line || (line === span.line && to > span.column)) && (line < span.endLine || (line === span.endLine && from < span.endColumn));

  // Columns count from 1, and a span ends before its end column; a token that is lit in part is cut there.
  function tokens(words, looks, number, spans) {
    const made = [];
    let column = 1;
    for (const [, kind, length] of looks.matchAll(/(\D)(\d+)/g)) {
      const text = words.substr(column - 1, length);
      const cuts = new Set([column, column + text.length]);
      for (const span of spans) {
        for (const [line, at] of [[span.line, span.column], [span.endLine, span.endColumn]]) {
          if (line === number && at > column && at < column + text.length) cuts.add(at);
        }
      }
      const ends = [...cuts].sort((a, b) => a - b);
      for (let i = 1; i < ends.length; i++) {
        const lit = spans.some((span) => overlaps(span, number, ends[i - 1], ends[i]));
        const piece = el("i", { class: kind === "." ? null : kind }, text.slice(ends[i - 1] - column, ends[i] - column));
        made.push(lit ? el("mark", {}, piece) : piece);
      }
      column += text.length;
    }
    return made;
  }

  function excerpt(source, spans) {
    const first = Math.max(source.first_line, Math.min(...spans.map((span) => span.line)) - AROUND);
    const words = source.text.split("\n"), looks = source.looks.split(",");
    const last = Math.min(source.first_line + words.length - 1, Math.max(...spans.map((span) => span.endLine)) + AROUND);
    const rows = [];
    for (let number = first; number <= last; number++) {
      rows.push(el("li", { value: number }, tokens(words[number - source.first_line], looks[number - source.first_line], number, spans)));
    }
    return el("figure", { class: "sql" }, el("figcaption", {}, place(source.path, spans[0].line)), el("ol", { tabindex: 0, "aria-label": "SQL of " + source.path }, rows));
  }

  // The statements of dataset t that hold one of these edges' spans.
  L.code = async function (t, edges) {
    const spans = edges.map((edge) => edge.span).filter(Boolean);
    if (!spans.length) return null;
    const figures = [];
    for (const source of await L.store.sql(t)) {
      const within = spans.filter((span) => span.path === source.path && span.line >= source.first_line && span.line < source.first_line + source.text.split("\n").length);
      if (within.length) figures.push(excerpt(source, within));
    }
    return figures;
  };
})((window.LINEAGE = window.LINEAGE || {}));
