// What is written into the report at once: a new sentence, one for a region, the impression from the findings, a finding
// added or removed. Knows the room's cards and film; the words come from the server.
import { tell } from "../../../kit/dialog.js";
import { showFindings } from "./findings_dialog.js";
import { cardsOfSentences, newSentence, reportText } from "../../../words/report_text.js";
import { server } from "../../../kit/server.js";

export class Writing {
  constructor(room) {
    this.room = room;
    this.cards = room.cards;
    this.film = room.film;
    this.notRead = { study: null, texts: [] };
  }

  insert(below) {
    const { pinned, sentences } = this.cards;
    if (pinned === null) this.cards.add(sentences.findLastIndex((one) => one.section === "findings") + 1, "findings");
    else this.cards.add(pinned + below, sentences[pinned].section);
  }

  texts(section = null) {
    const lines = this.cards.sentences.filter((one) => one.state !== "deleted" && one.text.trim() && (section === null || one.section === section));
    return lines.map((one) => one.text.trim());
  }

  // Another text in place of the findings and the impression, sentence by sentence as one step.
  rewrite(findings, impression) {
    const texts = [...findings, ...impression.map((text, index) => (index ? text : `Impression: ${text}`))];
    const before = reportText(this.cards.sentences, this.room.heads);
    this.cards.replace(cardsOfSentences(texts, this.cards.sentences));
    if (reportText(this.cards.sentences, this.room.heads) !== before) for (const one of this.cards.sentences) if (["edited", "added", "deleted"].includes(one.state)) this.room.finished(one);
  }

  showFindings() {
    if (!this.room.draft || this.room.readOnly) return;
    showFindings({
      sentences: () => this.texts("findings"), opinions: this.room.draft.report.findings,
      rewrite: (texts) => this.rewrite(texts, this.texts("impression")),
    });
  }

  async draftImpression() {
    if (!this.room.draft || this.room.readOnly) return;
    try {
      const { study } = this.room;
      const { sentences, not_read } = await server.impression(this.texts("findings"));
      if (study !== this.room.study) return;
      this.notRead = { study, texts: not_read };
      // Where nothing can be said of the findings, what the reader wrote of them stays.
      if (sentences.length) this.rewrite(this.texts("findings"), sentences);
      this.room.panel.update();
      const index = this.cards.sentences.findIndex((one) => one.section === "impression" && one.state !== "deleted");
      if (index >= 0 && this.cards.pinned !== index) this.cards.pin(index);
    } catch (error) {
      tell("No impression was written", error.message);
    }
  }

  // The findings that the last impression leaves to the reader, as long as they stand as they were.
  leftToReader() {
    const { study, texts } = this.notRead;
    if (study !== this.room.study) return [];
    const standing = this.texts("findings");
    return texts.filter((text) => standing.includes(text));
  }

  async writeForRegion() {
    const region = this.film.overlay.chosen;
    if (!this.room.draft || this.room.readOnly) return;
    if (!region) return void this.film.startDrawing();
    const { study } = this.room;
    if (this.film.bar.asking) return;
    this.film.bar.ask(true);
    try {
      const { sentence } = await server.sentenceFor(study.id, region, this.texts());
      if (study !== this.room.study) return;
      const at = this.cards.sentences.findLastIndex((one) => one.section === "findings") + 1;
      const regions = sentence?.regions ?? [{ name: region }];
      if (sentence) return this.cards.add(at, "findings", { ...newSentence(sentence.text), confidence: sentence.confidence ?? null, flag: sentence.flag ?? null, regions });
      this.film.bar.ask(false);
      await tell("No sentence about this region", `The model wrote nothing about the ${region}. Write the sentence yourself; it is linked to the region.`);
      this.cards.add(at, "findings");
      this.cards.sentences[at].regions = regions;
    } catch (error) {
      tell("No sentence was written", error.message);
    } finally {
      this.film.bar.ask(false);
    }
  }
}
