// All state of the view is the hash: a link shows what its sender saw, and the back button undoes.
(function (L) {
  "use strict";
  const LISTS = ["open", "grow", "cut"]; // of dataset ids, each encoded once more since an id may hold a comma
  const DEFAULTS = {
    d: "", c: "", s: "", e: "", q: "", at: "", full: "", view: "", edges: "value,row", kind: "", tag: "", owner: "", folder: "", finding: "", marked: "",
    up: 1, down: 1, min: 0, open: [], grow: [], cut: [],
  };
  const listeners = [];
  let told = null; // the hash that the listeners know: going back fires two events

  function read() {
    const state = { ...DEFAULTS };
    for (const [key, value] of new URLSearchParams(location.hash.slice(1))) {
      if (!(key in DEFAULTS)) continue; // of a later version, or mistyped
      if (LISTS.includes(key)) state[key] = value.split(",").filter(Boolean).map(decoded);
      else if (typeof DEFAULTS[key] === "number") state[key] = Math.max(0, parseInt(value, 10) || 0);
      else state[key] = value;
    }
    return state;
  }

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch (error) {
      return text; // a link that somebody cut short
    }
  }

  function write(state) {
    const hash = new URLSearchParams();
    for (const key of Object.keys(DEFAULTS)) {
      const value = LISTS.includes(key) ? state[key].map(encodeURIComponent).join(",") : String(state[key]);
      if (value !== String(DEFAULTS[key])) hash.set(key, value);
    }
    return "#" + hash;
  }

  function announce() {
    if (told === location.hash) return;
    told = location.hash;
    route.state = read();
    for (const listener of listeners) listener(route.state);
  }

  const route = {
    state: read(),
    on: (listener) => listeners.push(listener),
    link: (changes) => write({ ...route.state, ...changes }),
    // `quiet` replaces the history's last entry: fifty positions of a slider are one step back.
    go(changes, quiet) {
      const hash = route.link(changes);
      if (hash === route.link({})) return;
      if (quiet) history.replaceState(null, "", hash);
      else history.pushState(null, "", hash);
      announce();
    },
    focus: (id, more) => route.go({ ...DEFAULTS, edges: route.state.edges, min: route.state.min, d: id, ...more }),
    announce,
    active: (state, kind) => state.edges.split(",").includes(kind),
    // An edge's name is made of names, so that a link outlives the next scan.
    edgeKey: (parts) => parts.map(encodeURIComponent).join(">"),
    edgeParts: (key) => key.split(">").map(decoded),
  };
  addEventListener("hashchange", announce);
  addEventListener("popstate", announce);
  L.route = route;
})((window.LINEAGE = window.LINEAGE || {}));
