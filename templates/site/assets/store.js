// The data: shards that arrive as classic scripts, since fetch and modules are blocked under file://.
// Each calls LINEAGE.put(name, base64 of gzip of JSON) and is decoded by the browser itself.
(function (L) {
  "use strict";
  const here = document.currentScript.src;
  const scripts = new Map();
  const waiting = new Map(); // shard -> {promise, resolve, reject}

  async function decode(base64) {
    const packed = await fetch("data:application/octet-stream;base64," + base64);
    return new Response(packed.body.pipeThrough(new DecompressionStream("gzip"))).json();
  }

  function load(name) {
    let entry = waiting.get(name);
    if (entry) return entry.promise;
    entry = {};
    entry.promise = new Promise((resolve, reject) => Object.assign(entry, { resolve, reject }));
    waiting.set(name, entry);
    const script = document.createElement("script");
    script.src = new URL("../data/" + name + ".js", here).href;
    script.onerror = () => entry.reject(new Error("data/" + name + ".js could not be read"));
    document.head.append(script);
    return entry.promise;
  }

  L.put = (name, base64) => {
    const entry = waiting.get(name);
    decode(base64).then(entry.resolve, entry.reject);
  };

  // Edges by one of their ends, as two flat arrays: those of dataset i are list[start[i]] … list[start[i + 1] - 1].
  function byEnd(ends, size) {
    const start = new Int32Array(size + 1);
    for (const end of ends) start[end + 1]++;
    for (let i = 0; i < size; i++) start[i + 1] += start[i];
    const next = start.slice();
    const list = new Int32Array(ends.length);
    ends.forEach((end, edge) => (list[next[end]++] = edge));
    return (i) => list.subarray(start[i], start[i + 1]);
  }

  // A view has thousands of edges, and a reader looks into a few: what only the panel shows is made when it is asked for.
  class Edge {
    constructor(data, t, told) {
      [this.data, this.t, this.told] = [data, t, told];
      [this.s, this.sc, this.tc, this.subtype, this.confidence] = told;
      this.subtype = store.core.subtypes[this.subtype];
      this.row = this.tc < 0;
    }
    get masking() { return (this.told[5] & 1) > 0; }
    get mark() { return (this.row ? this.told[10] : this.told[5] >> 2) || 0; } // of a comparison
    get renamed() { return (this.told[5] & 2) > 0; }
    get expression() { return this.data.texts[this.told[6]] || ""; }
    get job() { return this.data.texts[this.told[7]]; }
    get span() {
      const span = this.told[8];
      return span ? { path: this.data.texts[span[0]], line: span[1], column: span[2], endLine: span[3], endColumn: span[4] } : null;
    }
    get evidence() {
      return (this.told[9] || []).map(([kind, note, among]) => ({ kind: this.data.texts[kind], note: this.data.texts[note] || "", among }));
    }
    get doubt() {
      return (this.told[9] || []).some(([kind]) => this.data.texts[kind] === "candidate" || this.data.texts[kind] === "hole");
    }
  }

  const store = {
    core: null,
    into: null, // dataset -> its core edges, read side
    from: null,
    number: new Map(), // dataset id -> its number
    loaded: new Map(), // dataset -> its columns and edges, once its shard is here

    async start() {
      const core = (store.core = await load("core"));
      const size = core.datasets.id.length;
      store.into = byEnd(core.edges.target, size);
      store.from = byEnd(core.edges.source, size);
      core.datasets.id.forEach((id, i) => store.number.set(id, i));
    },

    // The columns, and the edges into them, of each of these datasets.
    async columns(datasets) {
      const per = store.core.columns_per_shard;
      const shards = new Set();
      for (const i of datasets) if (!store.loaded.has(i)) shards.add(Math.floor(i / per));
      await Promise.all([...shards].map(async (shard) => {
        const part = await load("columns-" + shard);
        for (const [i, dataset] of Object.entries(part.datasets)) {
          dataset.texts = part.texts;
          store.loaded.set(Number(i), dataset);
        }
        // A dataset of which nothing is known is not in the shard.
        for (let i = shard * per; i < (shard + 1) * per; i++) {
          if (!store.loaded.has(i)) store.loaded.set(i, { columns: [], value: [], row: [], texts: [] });
        }
      }));
    },

    // The column and row edges into a dataset whose shard is here, told apart by `row`; a row edge has no target column.
    edgesInto(t) {
      const data = store.loaded.get(t);
      if (!data) return [];
      data.edges = data.edges || data.value.map((told) => new Edge(data, t, told)).concat(data.row.map(([s, sc, subtype, confidence, job, span, why, mark]) =>
        new Edge(data, t, [s, sc, -1, subtype, confidence, 0, -1, job, span, why, mark])));
      return data.edges;
    },

    columnName: (i, c) => (c < 0 ? "(rows)" : store.loaded.get(i).columns[c][0]),

    columnNumber(dataset, name) {
      const known = store.loaded.get(dataset);
      return known ? known.columns.findIndex((column) => column[0] === name) : -1;
    },

    async sql(dataset) {
      const part = await load("sql-" + Math.floor(dataset / store.core.sql_per_shard));
      return part[dataset] || [];
    },

    search: () => load("search"),

    // A bundle of scripts, once: "overview", "focused", and "later" for what the first view can do without.
    script(name) {
      if (!scripts.has(name)) {
        scripts.set(name, new Promise((resolve, reject) => {
          const script = document.createElement("script");
          script.src = new URL(name + ".js", here).href;
          script.onload = resolve;
          script.onerror = () => reject(new Error(`assets/${name}.js could not be read`));
          document.head.append(script);
        }));
      }
      return scripts.get(name);
    },
    later: () => store.script("later"),

    // One shard of SQL: dataset -> its statements.
    sqlShard: (number) => load("sql-" + number),

    // What became of a dataset, an edge between datasets or a column in a comparison: "", added, removed, changed, affected.
    mark(number) {
      const { comparison } = store.core;
      return comparison ? comparison.marks[number || 0] : "";
    },
    markOf: (i) => (store.core.comparison ? store.mark(store.core.comparison.datasets[i]) : ""),
    markOfColumn: (i, c) => store.mark((store.loaded.get(i).marks || [])[c]),

    kind: (i) => store.core.kinds[store.core.datasets.kind[i]],
    neighbours: (i, side) =>
      side === "u" ? Array.from(store.into(i), (e) => store.core.edges.source[e]) : Array.from(store.from(i), (e) => store.core.edges.target[e]),
  };
  L.store = store;
})((window.LINEAGE = window.LINEAGE || {}));
