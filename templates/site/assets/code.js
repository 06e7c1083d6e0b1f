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

  const chipOf = (source) => el("span", { class: "mark removed" }, L.store.core.comparison.base);
  const linesOf = (source) => source.text.split("\n");
  const has = (source, path, line) => source.path === path && line >= source.first_line && line < source.first_line + linesOf(source).length;

  // Some lines of a statement, with stretches lit; all of them where `around` is not said.
  function excerpt(source, spans, around = Infinity) {
    const words = linesOf(source), looks = source.looks.split(",");
    const end = source.first_line + words.length - 1;
    const first = Math.max(source.first_line, Math.min(...spans.map((span) => span.line)) - around);
    const last = Math.min(end, Math.max(...spans.map((span) => span.endLine)) + around);
    const rows = [];
    for (let number = around === Infinity ? source.first_line : first; number <= (around === Infinity ? end : last); number++) {
      rows.push(el("li", { value: number }, tokens(words[number - source.first_line], looks[number - source.first_line], number, spans)));
    }
    return el("figure", { class: "sql" }, el("figcaption", {}, source.base && [chipOf(source), " "], place(source.path, spans.length ? spans[0].line : source.first_line)), el("ol", { tabindex: 0, "aria-label": "SQL of " + source.path }, rows));
  }

  // The statements of dataset t that hold one of these edges' spans.
  L.code = async function (t, edges) {
    const spansOf = (some) => some.map((edge) => edge.span).filter(Boolean);
    const gone = (edge) => L.store.mark(edge.mark) === "removed"; // it stands in base's SQL
    const [now, before] = [spansOf(edges.filter((edge) => !gone(edge))), spansOf(edges.filter(gone))];
    const figures = [];
    for (const source of now.length + before.length ? await L.store.sql(t) : []) {
      const within = (source.base ? before : now).filter((span) => has(source, span.path, span.line));
      if (within.length) figures.push(excerpt(source, within, AROUND));
    }
    return figures;
  };

  // Every statement that writes dataset t, closed but for the one that holds `at`, "path:line", with that line lit.
  L.code.all = async function (t, at) {
    const [, path, number] = at.match(/^(.*):(\d+)$/) || [];
    const sources = await L.store.sql(t);
    const found = sources.find((source) => has(source, path, Number(number)));
    const whole = (source) => {
      const lit = source === found ? [{ line: Number(number), column: 1, endLine: Number(number), endColumn: Infinity }] : [];
      const box = el("details", { class: "statement" }, el("summary", {}, source.base && [chipOf(source), " "], source.path, " ", el("span", { class: "quiet" }, L.dom.plural(linesOf(source).length, "line"))));
      const fill = () => box.children.length < 2 && box.append(excerpt(source, lit));
      box.addEventListener("toggle", fill);
      if (source === found) {
        fill();
        box.open = true;
      }
      return box;
    };
    return sources.length ? [el("h3", {}, "SQL"), sources.map(whole)] : null;
  };
})((window.LINEAGE = window.LINEAGE || {}));
