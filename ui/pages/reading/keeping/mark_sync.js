// Brings the reader's marks to the server: sends what differs from what the server is known to have, nothing else.
// Knows nothing about pages; marks are those of content.js.
import { server } from "../../../kit/server.js";

const sentenceKey = (mark) => `${mark.verdict === "inserted" ? "inserted" : "drafted"}:${mark.index}`;
const words = ({ text, verdict, errors }) => JSON.stringify([text, verdict, errors.map(({ category, significant }) => [category, significant])]);
const place = ({ action, box_xywh }) => JSON.stringify([action, box_xywh]);
const regionKey = ({ image_id, region }) => JSON.stringify([image_id ?? null, region]);

export class MarkSync {
  constructor(reading) {
    this.sentences = new Map((reading?.sentence_marks ?? []).map((mark) => [sentenceKey(mark), words(mark)]));
    this.regions = new Map((reading?.region_marks ?? []).map((mark) => [regionKey(mark), place(mark)]));
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
    const boxes = new Map(regions.map((mark) => [regionKey(mark), mark]));
    for (const [key, mark] of boxes) {
      if (this.regions.get(key) === place(mark)) continue;
      const { image_id, region, action, box_xywh } = mark;
      await server.markRegion(readingId, region, { image_id, action, box_xywh });
      this.regions.set(key, place(mark));
    }
    for (const key of [...this.regions.keys()].filter((known) => !boxes.has(known))) {
      const [imageId, region] = JSON.parse(key);
      await server.unmarkRegion(readingId, region, imageId);
      this.regions.delete(key);
    }
  }
}
