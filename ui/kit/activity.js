// Whether somebody has moved, pressed or typed lately, and the seconds of active reading: those when somebody has and
// the page is in front. Knows nothing about studies: its owner starts it and asks for the total.

const IDLE_MS = 30_000;
const TICK_MS = 1000;
let last = Date.now();

for (const name of ["pointermove", "pointerdown", "keydown", "wheel"]) {
  window.addEventListener(name, () => { last = Date.now(); }, { passive: true, capture: true });
}

export const inUse = () => Date.now() - last < IDLE_MS;

export class Activity {
  constructor(seconds = 0) {
    this.seconds = seconds;
    last = Date.now();
    let before = Date.now();
    this.timer = setInterval(() => {
      const now = Date.now();
      if (!document.hidden && inUse()) this.seconds += Math.min(now - before, 2 * TICK_MS) / 1000;
      before = now;
    }, TICK_MS);
  }

  get total() {
    return Math.round(this.seconds);
  }

  stop() {
    clearInterval(this.timer);
  }
}
