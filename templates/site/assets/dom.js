// Making elements. Repository text only ever enters the page through here, as text nodes and attributes, never as HTML.
(function (L) {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";

  function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === undefined || value === null || value === false) continue;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value === true ? "" : value);
    }
    for (const child of children.flat(3)) {
      if (child !== null && child !== undefined && child !== false) node.append(child);
    }
    return node;
  }

  // A file:line link only where the repository host is known and speaks http: a revision's URL comes from git's configuration.
  function place(path, line) {
    const label = path + ":" + line;
    const pattern = L.store.core.project.source_url;
    if (!pattern || !/^https?:/.test(pattern)) return L.dom.el("code", {}, label);
    const address = pattern.replace("{path}", path.split("/").map(encodeURIComponent).join("/")).replace("{line}", line);
    return L.dom.el("a", { href: address, rel: "noopener" }, label);
  }

  // A long name keeps both ends: `stg_shop…_orders_daily` says more than its first half.
  function shorten(text, room) {
    if (text.length <= room) return text;
    const tail = Math.floor((room - 1) / 2);
    return text.slice(0, room - 1 - tail) + "…" + text.slice(text.length - tail);
  }

  L.dom = {
    el: (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children),
    svg: (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children),
    id: (name) => document.getElementById(name),
    plural: (count, noun) => count.toLocaleString("en") + " " + noun + (count === 1 ? "" : "s"),
    place,
    shorten,
  };
})((window.LINEAGE = window.LINEAGE || {}));
