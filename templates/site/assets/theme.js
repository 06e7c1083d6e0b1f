// Light or dark: the system's choice until the reader makes one. Loaded in the head, before anything is painted.
(function (L) {
  "use strict";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const listeners = [];
  const colors = new Map();

  function remembered() {
    try {
      return localStorage.getItem("lineage-theme");
    } catch (error) {
      return null; // storage is off: the choice lasts as long as the page
    }
  }

  function show(theme) {
    root.dataset.theme = theme || (system.matches ? "dark" : "light");
    colors.clear();
    for (const listener of listeners) listener();
  }

  L.theme = {
    on: (listener) => listeners.push(listener),
    toggle() {
      const theme = root.dataset.theme === "dark" ? "light" : "dark";
      try {
        localStorage.setItem("lineage-theme", theme);
      } catch (error) {
        // as above
      }
      show(theme);
    },
    // A colour of the style sheet for a canvas, which does not know light-dark(): the browser works it out on an element.
    color(name) {
      if (!colors.has(name)) {
        const probe = document.body.appendChild(document.createElement("i"));
        probe.style.color = `var(${name})`;
        colors.set(name, getComputedStyle(probe).color);
        probe.remove();
      }
      return colors.get(name);
    },
  };
  show(remembered());
  system.addEventListener("change", () => show(remembered()));
  document.addEventListener("click", (event) => event.target.closest("[data-action=theme]") && L.theme.toggle());
  // Pages without a search of their own lead to the graph's.
  document.addEventListener("keydown", (event) => {
    const search = document.querySelector("[data-action=search]");
    const asked = event.key === "/" || (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey));
    if (!search || !asked || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    event.preventDefault();
    location.href = search.href;
  });
})((window.LINEAGE = window.LINEAGE || {}));
