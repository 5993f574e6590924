// Brings the reader's marks to the server: sends what differs from what the server is known to have, nothing else.
// Knows no page; marks are those of content.js.
import { server } from "../../../kit/server.js";

const sentenceKey = (mark) => `${mark.verdict === "inserted" ? "inserted" : "drafted"}:${mark.index}`;
const words = ({ text, verdict, errors }) => JSON.stringify([text, verdict, errors.map(({ category, significant }) => [category, significant])]);
const place = ({ action, box_xywh }) => JSON.stringify([action, box_xywh]);

export class MarkSync {
  constructor(reading) {
    this.sentences = new Map((reading?.sentence_marks ?? []).map((mark) => [sentenceKey(mark), words(mark)]));
    this.regions = new Map((reading?.region_marks ?? []).map((mark) => [mark.region, place(mark)]));
  }

  async send(readingId, { sentence_marks: sentences, region_marks: regions }) {
    const wanted = new Map(sentences.map((mark) => [sentenceKey(mark), mark]));
    for (const [key, mark] of wanted) {
      if (this.sentences.get(key) === words(mark)) continue;
      const { index, text, verdict, errors } = mark;
      await server.markSentence(readingId, index, { text, verdict, errors: errors.map(({ category, significant }) => ({ category, significant })) });
      this.sentences.set(key, words(mark));
    }
    for (const key of [...this.sentences.keys()].filter((known) => !wanted.has(known))) {
      const [kind, index] = key.split(":");
      await server.unmarkSentence(readingId, index, kind === "inserted");
      this.sentences.delete(key);
    }
    const boxes = new Map(regions.map((mark) => [mark.region, mark]));
    for (const [region, mark] of boxes) {
      if (this.regions.get(region) === place(mark)) continue;
      await server.markRegion(readingId, region, { action: mark.action, box_xywh: mark.box_xywh });
      this.regions.set(region, place(mark));
    }
    for (const region of [...this.regions.keys()].filter((known) => !boxes.has(known))) {
      await server.unmarkRegion(readingId, region);
      this.regions.delete(region);
    }
  }
}
