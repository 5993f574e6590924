// Which of the report's sentences the rules did not understand, so that nothing is derived from them: no impression, no
// label, no suggested error. The server tells; what it told of a text holds as long as the page is open.
import { server } from "../../../kit/server.js";

export class Unread {
  constructor(heard) {
    this.heard = heard;
    /** @type {Map<string, boolean>} */
    this.known = new Map();
  }

  has(text) {
    return this.known.get(text.trim()) ?? false;
  }

  async ask(texts) {
    const asked = [...new Set(texts.map((text) => text.trim()))].filter((text) => text && !this.known.has(text));
    if (!asked.length) return;
    try {
      const { sentences } = await server.notUnderstood(asked);
      for (const text of asked) this.known.set(text, sentences.includes(text));
      if (sentences.length) this.heard();
    } catch {
      // Asked again with the next sentence: the mark is a hint, and no text depends on it.
    }
  }
}
