// Panning and zooming with mouse, touch and keys; the overview and the graph share it. screen = world * k + (x, y)
(function (L) {
  "use strict";
  const SLACK = 4; // pixels that a finger trembles during a click

  const MOST = 3; // times life size

  L.camera = function (host, changed, least = 0.02) {
    const at = { x: 0, y: 0, k: 1 };
    // Kept, since to ask for it makes the browser lay out all that was just drawn.
    const size = { width: host.parentElement.clientWidth, height: host.parentElement.clientHeight };
    const fingers = new Map();
    let start = null; // where the drag began; null when it is none
    let queued = false;

    function moved() {
      if (queued) return;
      queued = true; // many moves, one drawing
      requestAnimationFrame(() => {
        queued = false;
        changed(at);
      });
    }

    function measure() {
      [size.width, size.height] = [host.parentElement.clientWidth, host.parentElement.clientHeight];
    }
    new ResizeObserver(() => {
      measure();
      moved();
    }).observe(host.parentElement);

    function zoom(factor, x = size.width / 2, y = size.height / 2) {
      const k = Math.min(MOST, Math.max(least, at.k * factor));
      at.x = x - ((x - at.x) * k) / at.k;
      at.y = y - ((y - at.y) * k) / at.k;
      at.k = k;
      moved();
    }

    function pan(dx, dy) {
      at.x += dx;
      at.y += dy;
      moved();
    }

    const local = (event) => {
      const box = host.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };

    host.addEventListener("wheel", (event) => {
      event.preventDefault();
      const point = local(event);
      if (event.shiftKey) pan(-event.deltaY - event.deltaX, 0);
      else zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), point.x, point.y);
    }, { passive: false });

    host.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      fingers.set(event.pointerId, local(event));
      start = local(event);
      camera.dragged = false;
    });

    host.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before || !start) return;
      const now = local(event);
      if (!camera.dragged && Math.hypot(now.x - start.x, now.y - start.y) < SLACK) return;
      if (!camera.dragged) host.setPointerCapture(event.pointerId); // not sooner: a captured click never reaches a card
      camera.dragged = true;
      const others = [...fingers].filter(([id]) => id !== event.pointerId);
      if (others.length) {
        const still = others[0][1];
        const spread = (point) => Math.hypot(point.x - still.x, point.y - still.y) || 1;
        zoom(spread(now) / spread(before), (now.x + still.x) / 2, (now.y + still.y) / 2);
      } else pan(now.x - before.x, now.y - before.y);
      fingers.set(event.pointerId, now);
    });

    for (const end of ["pointerup", "pointercancel"]) host.addEventListener(end, (event) => fingers.delete(event.pointerId));
    host.addEventListener("click", (event) => camera.dragged && event.stopPropagation(), true);

    const camera = {
      at,
      zoom,
      pan,
      measure,
      dragged: false,
      redraw: moved,
      // The whole of it, but never larger than life.
      fit(box, margin = 40, largest = 1) {
        const k = Math.min((size.width - 2 * margin) / box.width, (size.height - 2 * margin) / box.height, largest);
        at.k = Math.max(least, k);
        camera.center(box.x + box.width / 2, box.y + box.height / 2);
      },
      center(x, y) {
        at.x = size.width / 2 - x * at.k;
        at.y = size.height / 2 - y * at.k;
        moved();
      },
      // Moves only as far as needed: the keyboard's cursor must not make the picture jump.
      reveal(x, y, margin = 80) {
        const sx = x * at.k + at.x;
        const sy = y * at.k + at.y;
        const dx = sx < margin ? margin - sx : Math.min(0, size.width - margin - sx);
        const dy = sy < margin ? margin - sy : Math.min(0, size.height - margin - sy);
        if (dx || dy) pan(dx, dy);
      },
      // What can be seen, in world units.
      seen(margin = 0) {
        return {
          left: (-at.x - margin) / at.k, top: (-at.y - margin) / at.k,
          right: (size.width - at.x + margin) / at.k, bottom: (size.height - at.y + margin) / at.k,
        };
      },
      world: (event) => {
        const point = local(event);
        return { x: (point.x - at.x) / at.k, y: (point.y - at.y) / at.k };
      },
    };
    return camera;
  };
  L.camera.ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
})((window.LINEAGE = window.LINEAGE || {}));
