// The routes of the reading room, the worklist and Compare, by what they are for: the one place that spells them.
// The type of each answer comes from the pages' answers.py. Knows nothing about pages. Errors come through as api.js
// gives them.
import { get, lines, post, put, request } from "./api.js";

/** @typedef {import("./answers").Answers} Answers */
/** @template {keyof Answers} Route @typedef {Promise<Answers[Route]>} Answer */

const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value !== "" && value !== null && value !== undefined && value !== false)).toString();
const at = encodeURIComponent;

export const server = {
  /** @returns {Answer<"GET /api/studies">} */
  worklist: (wanted) => get(`/api/studies?${query(wanted)}`),
  /** @returns {Answer<"GET /api/studies/choices">} */
  choices: () => get("/api/studies/choices"),
  /** @returns {Answer<"GET /api/studies/next">} */
  next: (after, wanted) => get(`/api/studies/next?${query({ ...wanted, after })}`),
  /** @returns {Answer<"POST /api/studies/{study_id}/claim">} */
  claim: (id) => post(`/api/studies/${id}/claim`),
  /** @returns {Answer<"POST /api/studies/{study_id}/release">} */
  release: (id) => post(`/api/studies/${id}/release`),
  /** @returns {Answer<"POST /api/studies/{study_id}/presence">} */
  present: (id) => post(`/api/studies/${id}/presence`, {}, { byClock: true }),
  absent: (id) => request("DELETE", `/api/studies/${id}/presence`, undefined, { keepalive: true }),

  /** @returns {Answer<"GET /api/studies/{study_id}">} */
  study: (id) => get(`/api/studies/${id}`),
  /** @returns {Answer<"GET /api/studies/{study_id}/drafts/{draft_id}/gradcam">} */
  gradCams: (id, draftId) => get(`/api/studies/${id}/drafts/${draftId}/gradcam`),
  /** @returns {Answer<"GET /api/studies/{study_id}/reading">} */
  held: (id) => get(`/api/studies/${id}/reading`),
  /** @returns {AsyncGenerator<Answers["POST /api/studies/{study_id}/draft"]>} */
  draft: (id, again, signal) => lines(`/api/studies/${id}/draft`, { again }, { signal }),
  /** @returns {Answer<"POST /api/studies/{study_id}/reading">} */
  open: (id, draftId) => post(`/api/studies/${id}/reading`, { draft_id: draftId }),
  /** @returns {Answer<"PUT /api/readings/{reading_id}">} */
  save: (readingId, content, options) => put(`/api/readings/${readingId}`, content, options),
  /** @returns {Answer<"POST /api/readings/{reading_id}/adopt">} */
  adopt: (readingId, revision, draftId) => post(`/api/readings/${readingId}/adopt`, { revision, draft_id: draftId }),
  /** @returns {Answer<"POST /api/readings/{reading_id}/sign">} */
  sign: (readingId, content) => post(`/api/readings/${readingId}/sign`, content),
  /** @returns {Answer<"PUT /api/readings/{reading_id}/amendment">} */
  keepAmendment: (readingId, content, options) => put(`/api/readings/${readingId}/amendment`, content, options),
  /** @returns {Answer<"POST /api/readings/{reading_id}/amendment/discard">} */
  discardAmendment: (readingId, revision) => post(`/api/readings/${readingId}/amendment/discard`, { revision }),
  /** @returns {Answer<"POST /api/readings/{reading_id}/amend">} */
  amend: (readingId, content) => post(`/api/readings/${readingId}/amend`, content),

  /** @returns {Answer<"PUT /api/readings/{reading_id}/sentences/{index}">} */
  markSentence: (readingId, index, mark) => put(`/api/readings/${readingId}/sentences/${index}`, mark),
  unmarkSentence: (readingId, index, inserted) => request("DELETE", `/api/readings/${readingId}/sentences/${index}${inserted ? "?inserted=1" : ""}`),
  /** @returns {Answer<"PUT /api/readings/{reading_id}/regions/{region}">} */
  markRegion: (readingId, region, mark) => put(`/api/readings/${readingId}/regions/${at(region)}`, mark),
  unmarkRegion: (readingId, region, imageId) => request("DELETE", `/api/readings/${readingId}/regions/${at(region)}?${query({ image_id: imageId })}`),

  /** @returns {Answer<"POST /api/wording/errors">} */
  suggestErrors: (drafted, edited) => post("/api/wording/errors", { drafted, edited }),
  /** @returns {Answer<"POST /api/wording/impression">} */
  impression: (sentences) => post("/api/wording/impression", { sentences }),
  /** @returns {Answer<"POST /api/wording/findings">} */
  findings: (sentences) => post("/api/wording/findings", { sentences }),
  /** @returns {Answer<"POST /api/wording/unread">} */
  notUnderstood: (sentences) => post("/api/wording/unread", { sentences }),
  /** @returns {Answer<"POST /api/wording/finding">} */
  setFinding: (sentences, finding, present) => post("/api/wording/finding", { sentences, finding, present }),
  /** @returns {Answer<"POST /api/studies/{study_id}/sentence">} */
  sentenceFor: (id, region, said) => post(`/api/studies/${id}/sentence`, { region, said }),

  /** @returns {Answer<"GET /api/macros">} */
  macros: () => get("/api/macros"),
  /** @returns {Answer<"PUT /api/macros/{name}">} */
  keepMacro: (name, text, replace) => put(`/api/macros/${at(name)}`, { text, replace }),
  dropMacro: (name) => request("DELETE", `/api/macros/${at(name)}`),

  /** @returns {AsyncGenerator<Answers["POST /api/studies/{study_id}/pair"]>} */
  pair: (id, signal) => lines(`/api/studies/${id}/pair`, {}, { signal }),
  /** @returns {Answer<"POST /api/studies/{study_id}/choice">} */
  choose: (id, choice) => post(`/api/studies/${id}/choice`, choice),
};
