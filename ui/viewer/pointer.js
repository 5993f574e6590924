// What the mouse does on a radiograph: drag for the window, with the right or middle button, Shift or the space bar for
// the place; wheel for the zoom; a tool of the viewer may take a press before that. Knows nothing about pixels or
// reports.
import { focused } from "../kit/dom.js";

function panning(viewer) {
  const { panX, panY } = viewer;
  return {
    by: (dx, dy) => {
      viewer.panX = panX + dx;
      viewer.panY = panY + dy;
      viewer.draw();
      viewer.moved();
    },
  };
}

// A drag over half the screen covers the range of grey values that the image uses.
function windowing(viewer) {
  const { centre, width } = viewer;
  const step = viewer.presets.findLast(({ name }) => name === "full").window[1] / 700;
  return {
    by: (dx, dy) => {
      viewer.width = Math.max(2, width + dx * step);
      viewer.centre = centre + dy * step;
      viewer.chosenPreset = -1;
      viewer.redevelop();
    },
  };
}

export function listenToPointer(viewer) {
  const { host } = viewer;
  let drag = null;
  let space = false;
  const here = (event) => {
    const box = host.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  window.addEventListener("keydown", (event) => { if (event.code === "Space") space = true; });
  window.addEventListener("keyup", (event) => { if (event.code === "Space") space = false; });
  window.addEventListener("blur", () => { space = false; });
  host.addEventListener("contextmenu", (event) => event.preventDefault());
  host.addEventListener("wheel", (event) => {
    event.preventDefault();
    viewer.zoomAt(...here(event), Math.exp(-event.deltaY * 0.0015));
  }, { passive: false });
  host.addEventListener("pointerdown", (event) => {
    if (!viewer.pixels || event.target.closest("button, input, select, label")) return;
    event.preventDefault();
    if (focused()?.closest("textarea, input")) focused().blur();
    const point = here(event);
    const pan = event.button !== 0 || event.shiftKey || space;
    const tool = pan ? null : viewer.tools.map((one) => one.grab(point, event)).find(Boolean) ?? null;
    drag = { point, tool, far: false, ...(pan ? panning(viewer) : windowing(viewer)), pan };
    host.setPointerCapture(event.pointerId);
  });
  host.addEventListener("pointermove", (event) => {
    const point = (viewer.pointer = here(event));
    if (viewer.lens) viewer.draw();
    if (!drag) {
      viewer.dispatchEvent(new CustomEvent("point", { detail: point }));
      return;
    }
    const dx = point[0] - drag.point[0];
    const dy = point[1] - drag.point[1];
    if (Math.hypot(dx, dy) > 3) drag.far = true;
    if (drag.tool) drag.tool.move(point);
    else if (drag.far) drag.by(dx, dy);
  });
  const release = (event) => {
    const was = drag;
    drag = null;
    if (!was) return;
    if (was.tool) was.tool.end(here(event), event.type === "pointercancel");
    else if (!was.far && !was.pan && event.type === "pointerup") viewer.dispatchEvent(new CustomEvent("press", { detail: here(event) }));
  };
  host.addEventListener("pointerup", release);
  host.addEventListener("pointercancel", release);
  host.addEventListener("pointerleave", () => {
    viewer.pointer = null;
    viewer.dispatchEvent(new CustomEvent("point", { detail: null }));
  });
}
