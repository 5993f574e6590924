// Keeps a reading: half a second after the last keystroke to the server, at once to this browser's own store.
// Server gone, or the session over: kept here and sent again. Newer text on the server: nothing is overwritten, the reader decides.
// Knows nothing about cards: what it keeps is what content.js makes of them.
import { ApiError, ServerGone, SessionEnded } from "../../../kit/api.js";
import { MarkSync } from "./mark_sync.js";
import { server } from "../../../kit/server.js";

const PAUSE_MS = 600;
const LONGEST_MS = 3000; // typing without a pause is saved all the same
const AGAIN_MS = 3000;
const AWAY = ["gone", "ended", "full"]; // states in which the server takes nothing
const NO_ROOM = 507; // the status of a server whose disk is full
const TAB = crypto.randomUUID?.() ?? String(Math.random()); // two tabs share the browser's store

export class Keeper extends EventTarget {
  // open: async () => {id, revision}, called once before the first save of a study that nobody has edited yet.
  // seconds: () => the seconds of active reading so far. amending: what is kept lies beside the signed text.
  constructor({ readerId, studyId, draftId, reading, open, seconds, amending = false }) {
    super();
    this.key = `lmrrg:reading:${readerId}:${studyId}`;
    this.draftId = draftId;
    this.open = open;
    this.seconds = seconds;
    this.amending = amending;
    this.id = reading?.id ?? null;
    this.revision = reading?.revision ?? 0;
    this.recovered = null; // the tab whose unsent text this one has taken over
    this.marks = new MarkSync(reading);
    this.keep = amending ? server.keepAmendment : server.save;
    this.waitingSince = null;
    this.touchedAt = null;
    this.latest = null;
    this.here = true; // this browser's own store has taken the latest
    this.timer = null;
    this.sending = null;
    this.closed = false;
    this.state = reading ? { kind: "saved", at: reading.saved_at } : { kind: "unopened" };
    // A page that closes cancels its requests, except one that was started to outlive it.
    this.onPageHide = () => this.flush({ keepalive: true });
    addEventListener("pagehide", this.onPageHide);
  }

  // What this browser still holds that the server has not acknowledged, or null.
  unsent() {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "null");
    } catch {
      return null;
    }
  }

  // Where the text is that the server has not got, as session_end.js asks it.
  get held() {
    if (!this.latest) return null;
    return this.here ? "kept" : "page";
  }

  touch(content) {
    this.latest = content;
    this.#keepHere();
    const away = AWAY.includes(this.state.kind);
    this.#tell({ kind: away ? this.state.kind : "unsaved" });
    this.touchedAt = Date.now();
    this.waitingSince ??= this.touchedAt;
    this.#later(away ? AGAIN_MS : this.#left());
  }

  // Sends what is waiting; resolves to true when the server has everything. One save at a time: two from the same
  // revision would conflict.
  async flush({ keepalive = false } = {}) {
    clearTimeout(this.timer);
    while (this.sending) await this.sending;
    if (!this.latest || this.state.kind === "stale") return this.state.kind !== "stale";
    this.sending = this.#send({ keepalive }).finally(() => { this.sending = null; });
    await this.sending;
    return this.latest === null;
  }

  // Takes the other text's revision as the base, so that the next save of ours is accepted.
  rebase(revision) {
    this.revision = revision;
    this.#tell({ kind: "unsaved" });
  }

  close() {
    this.closed = true;
    removeEventListener("pagehide", this.onPageHide);
    this.flush();
  }

  // What this browser kept is no longer wanted; another tab's is left alone.
  forget() {
    this.latest = null;
    const kept = this.unsent();
    if (kept && (kept.tab === TAB || kept.tab === this.recovered)) localStorage.removeItem(this.key);
  }

  #keepHere() {
    try {
      localStorage.setItem(this.key, JSON.stringify({ ...this.latest, revision: this.revision, draftId: this.draftId, tab: TAB, at: new Date().toISOString() }));
      this.here = true;
    } catch {
      this.here = false; // the browser's store is full or forbidden: the server still gets it
    }
  }

  // How long to wait yet: a pause since the last touch, or less where the first has waited long.
  #left() {
    return Math.max(0, Math.min(this.touchedAt + PAUSE_MS, this.waitingSince + LONGEST_MS) - Date.now());
  }

  #later(pause) {
    clearTimeout(this.timer);
    if (!this.closed) this.timer = setTimeout(() => this.flush(), pause);
  }

  async #send(options) {
    const content = this.latest;
    this.waitingSince = null;
    if (!AWAY.includes(this.state.kind)) this.#tell({ kind: "saving" });
    try {
      if (this.id === null) ({ id: this.id, revision: this.revision } = await this.open());
      const { text, sentences } = content;
      const answer = await this.keep(this.id, { revision: this.revision, text, sentences, active_seconds: this.seconds() }, options);
      this.revision = answer.revision;
      if (this.latest) this.#keepHere();
      await this.marks.send(this.id, content);
      this.#acknowledged(content, answer.saved_at);
    } catch (error) {
      if (error instanceof ServerGone || error instanceof SessionEnded) {
        this.#tell({ kind: error instanceof ServerGone ? "gone" : "ended" });
        this.#later(AGAIN_MS);
      } else if (error instanceof ApiError && error.status === NO_ROOM) {
        this.#tell({ kind: "full" });
        this.#later(AGAIN_MS);
      } else if (error instanceof ApiError && error.status === 409 && error.body?.newer) {
        const newer = error.body.newer;
        // The same words are not a conflict: our own save whose answer was lost on the way back, or marks only.
        if (newer.text === content.text && !this.rebased) {
          this.revision = newer.revision;
          this.rebased = true;
          this.#later(0);
        } else this.#tell({ kind: "stale", newer });
      } else {
        this.#tell({ kind: "refused", message: error.message });
      }
    }
  }

  #acknowledged(content, at) {
    this.rebased = false;
    if (this.latest === content) {
      this.forget();
      this.#tell({ kind: "saved", at });
    } else {
      // Something was written while this was on its way: that is not saved yet, and must not be shown as saved.
      this.#keepHere();
      this.#later(this.#left());
      this.#tell({ kind: "unsaved" });
    }
  }

  #tell(state) {
    this.state = state;
    if (!this.closed) this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}
