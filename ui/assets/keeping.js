// Keeps a reading: half a second after the last keystroke to the server, at once to this browser's own store.
// Server gone: kept here and sent again. Newer text on the server: nothing is overwritten, the reader decides.
import { ApiError, ServerGone, put } from "./api.js";

const PAUSE_MS = 600;
const AGAIN_MS = 3000;
const TAB = crypto.randomUUID?.() ?? String(Math.random()); // two tabs share the browser's store

export class Keeper extends EventTarget {
  // open: async () => {id, revision}, called once before the first save of a study that nobody has edited yet.
  constructor({ readerId, studyId, draftId, reading, open, localOnly = false }) {
    super();
    this.key = `lmrrg:reading:${readerId}:${studyId}`;
    Object.assign(this, { draftId, open, localOnly, id: reading?.id ?? null, revision: reading?.revision ?? 0 });
    this.latest = null;
    this.timer = null;
    this.sending = null;
    this.closed = false;
    this.state = reading ? { kind: "saved", at: reading.saved_at } : { kind: "unopened" };
  }

  // What this browser still holds that the server has not acknowledged, or null.
  unsent() {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "null");
    } catch {
      return null;
    }
  }

  touch(content) {
    this.latest = content;
    this.#keepHere();
    this.#tell({ kind: this.localOnly ? "local" : "unsaved" });
    this.#later(PAUSE_MS);
  }

  // Sends what is waiting; resolves to true when the server has everything.
  async flush() {
    clearTimeout(this.timer);
    if (this.localOnly) return false;
    if (this.sending) await this.sending;
    if (!this.latest) return this.state.kind !== "stale";
    this.sending = this.#send();
    await this.sending;
    this.sending = null;
    return this.latest === null;
  }

  // Takes the other text's revision as the base, so that the next save of ours is accepted.
  rebase(revision) {
    this.revision = revision;
    this.#tell({ kind: "unsaved" });
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    if (this.latest && !this.localOnly) this.#send();
  }

  forget() {
    this.latest = null;
    const kept = this.unsent();
    if (kept && (kept.tab === TAB || kept.tab === this.recovered)) localStorage.removeItem(this.key);
  }

  #keepHere() {
    try {
      localStorage.setItem(this.key, JSON.stringify({ ...this.latest, revision: this.revision, draftId: this.draftId, tab: TAB, at: new Date().toISOString() }));
    } catch {
      // The browser's store is full or forbidden: the server still gets it.
    }
  }

  #later(pause) {
    clearTimeout(this.timer);
    if (!this.closed && !this.localOnly) this.timer = setTimeout(() => this.flush(), pause);
  }

  async #send() {
    const content = this.latest;
    this.#tell({ kind: "saving" });
    try {
      if (this.id === null) ({ id: this.id, revision: this.revision } = await this.open());
      const answer = await put(`/api/readings/${this.id}`, { revision: this.revision, ...content });
      this.#acknowledged(content, answer.revision, answer.saved_at);
    } catch (error) {
      if (error instanceof ServerGone) {
        this.#tell({ kind: "gone" });
        this.#later(AGAIN_MS);
      } else if (error instanceof ApiError && error.status === 409 && error.body?.newer) {
        const newer = error.body.newer;
        // Our own save whose answer was lost on the way back is no conflict.
        if (newer.text === content.text) this.#acknowledged(content, newer.revision, newer.saved_at);
        else this.#tell({ kind: "stale", newer });
      } else {
        this.#tell({ kind: "refused", message: error.message });
      }
    }
  }

  #acknowledged(content, revision, at) {
    this.revision = revision;
    if (this.latest === content) this.forget();
    else {
      this.#keepHere();
      this.#later(PAUSE_MS);
    }
    this.#tell({ kind: "saved", at });
  }

  #tell(state) {
    this.state = state;
    if (!this.closed) this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}
