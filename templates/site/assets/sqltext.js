// Search in the text of all SQL. It comes shard by shard, the same that the panel shows; from then on a question is a
// matter of milliseconds, since a browser finds a string in ten million letters faster than it would load any index.
(function (L) {
  "use strict";
  const MOST = 30; // lines found
  const PATIENCE = 40; // milliseconds that the second look, for words apart, may take
  const statements = []; // {i, path, first, text, lower}
  let reading = null;

  // Reads what there is. `told` is called after every shard with how many of how many are here.
  async function read(told) {
    const { datasets, sql_per_shard } = L.store.core;
    const shards = Math.ceil(datasets.id.length / sql_per_shard);
    const seen = new Set(); // a script that writes two datasets is there twice
    for (let number = 0; number < shards; number++) {
      for (const [i, sources] of Object.entries(await L.store.sqlShard(number))) {
        for (const { path, first_line, text, base } of sources) {
          const name = path + ":" + first_line;
          if (seen.has(name) || (base && L.store.markOf(i) !== "removed")) continue;
          seen.add(name);
          statements.push({ i: Number(i), path, first: first_line, text, lower: text.toLowerCase() });
        }
      }
      told(number + 1, shards);
    }
  }

  function hit({ i, path, first, text, lower }, at) {
    const start = lower.lastIndexOf("\n", at) + 1, end = lower.indexOf("\n", at);
    let line = first;
    for (let next = text.indexOf("\n"); next >= 0 && next < at; next = text.indexOf("\n", next + 1)) line++;
    return { i, path, line, text: text.slice(start, end < 0 ? undefined : end).trim() };
  }

  // Lines with the words as they stand, one after the other; then lines with all of them.
  function find(words, matches) {
    const found = new Map();
    const add = (statement, at) => {
      const one = hit(statement, at);
      found.set(one.path + ":" + one.line, one);
      return one;
    };
    const phrase = words.join(" ");
    for (const statement of statements) {
      if (found.size >= MOST) break;
      if (!matches(statement.i)) continue;
      const at = statement.lower.indexOf(phrase); // one a statement: thirty hits of one file tell less than thirty files
      if (at >= 0) add(statement, at);
    }
    if (words.length < 2) return [...found.values()];
    const [longest, ...others] = words.slice().sort((a, b) => b.length - a.length);
    const until = performance.now() + PATIENCE;
    for (const statement of statements) {
      if (found.size >= MOST || performance.now() > until) break;
      if (!matches(statement.i) || !words.every((word) => statement.lower.includes(word))) continue;
      for (let at = statement.lower.indexOf(longest); at >= 0 && found.size < MOST; at = statement.lower.indexOf(longest, at + longest.length)) {
        const line = statement.lower.slice(statement.lower.lastIndexOf("\n", at) + 1, (statement.lower + "\n").indexOf("\n", at));
        if (others.every((word) => line.includes(word))) add(statement, at);
      }
    }
    return [...found.values()];
  }

  L.sqltext = {
    find,
    read(told = () => {}) {
      reading = reading || read((...counts) => L.sqltext.told(...counts));
      L.sqltext.told = told;
      return reading;
    },
    told() {},
  };
})((window.LINEAGE = window.LINEAGE || {}));
