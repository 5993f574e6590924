// Who else has a study open: tells the server every few seconds that this page has, and hears of the others.
// Knows nothing about pages; silent where the server does not answer.
import { server } from "../../kit/server.js";

const EVERY_MS = 10_000;

export class Presence {
  constructor(studyId, onChange) {
    this.studyId = studyId;
    this.onChange = onChange;
    this.others = [];
    this.closed = false;
    this.#tell();
    this.timer = setInterval(() => { if (!document.hidden) this.#tell(); }, EVERY_MS);
  }

  async #tell() {
    try {
      const { others } = await server.present(this.studyId);
      if (this.closed) return;
      const changed = JSON.stringify(others.map(({ reader }) => reader.id)) !== JSON.stringify(this.others.map(({ reader }) => reader.id));
      this.others = others;
      if (changed) this.onChange(others);
    } catch {
      // The next beat asks again.
    }
  }

  close() {
    this.closed = true;
    clearInterval(this.timer);
    server.absent(this.studyId).catch(() => {});
  }
}
