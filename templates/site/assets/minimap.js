// A small picture of a large view, with a frame around what the screen shows. Click or drag to go there.
(function (L) {
  "use strict";
  const MANY = 12; // cards; fewer are seen at a glance
  let canvas, frame, view, camera, scale;

  function show(next, over) {
    canvas = L.dom.id("minimap");
    frame = frame || canvas.getContext("2d");
    [view, camera] = [next, over];
    canvas.hidden = view.nodes.length < MANY;
    scale = Math.min(200 / (view.box.width + 40), 130 / (view.box.height + 40));
    canvas.width = (view.box.width + 40) * scale;
    canvas.height = (view.box.height + 40) * scale;
    move();
  }

  function move() {
    if (!view || canvas.hidden) return;
    const toX = (x) => (x - view.box.x + 20) * scale, toY = (y) => (y - view.box.y + 20) * scale;
    frame.clearRect(0, 0, canvas.width, canvas.height);
    frame.lineJoin = "round";
    const colors = L.words.groupNames.map((group) => L.theme.color("--kind-" + group));
    for (const node of view.nodes) {
      frame.fillStyle = colors[L.words.group(L.store.kind(node.i))];
      frame.fillRect(toX(node.x), toY(node.y), Math.max(2, node.w * scale), Math.max(1.5, node.h * scale));
    }
    const seen = camera.seen();
    frame.strokeStyle = L.theme.color("--accent");
    frame.lineWidth = 2;
    frame.strokeRect(toX(seen.left), toY(seen.top), (seen.right - seen.left) * scale, (seen.bottom - seen.top) * scale);
  }

  function go(event) {
    if (!(event.buttons & 1)) return;
    const box = canvas.getBoundingClientRect();
    const x = ((event.clientX - box.left) * canvas.width) / box.width, y = ((event.clientY - box.top) * canvas.height) / box.height;
    camera.center(x / scale + view.box.x - 20, y / scale + view.box.y - 20);
  }

  L.minimap = {
    show,
    move,
    start() {
      for (const type of ["pointerdown", "pointermove"]) L.dom.id("minimap").addEventListener(type, go);
    },
  };
})((window.LINEAGE = window.LINEAGE || {}));
