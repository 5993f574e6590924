// The routes of the reading room, the worklist and Compare, by what they are for: the one place that spells them.
// Their shapes are told in ui/pages/__init__.py. Knows no page. Errors come through as api.js gives them.
import { get, lines, post, put, request } from "./api.js";

const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value !== "" && value !== null && value !== undefined && value !== false)).toString();
const at = encodeURIComponent;

export const server = {
  worklist: (wanted) => get(`/api/studies?${query(wanted)}`),
  choices: () => get("/api/studies/choices"),
  next: (after, wanted) => get(`/api/studies/next?${query({ ...wanted, after })}`),
  claim: (id) => post(`/api/studies/${id}/claim`),
  release: (id) => post(`/api/studies/${id}/release`),
  present: (id) => post(`/api/studies/${id}/presence`, {}, { byClock: true }),
  absent: (id) => request("DELETE", `/api/studies/${id}/presence`, undefined, { keepalive: true }),

  study: (id) => get(`/api/studies/${id}`),
  gradCams: (id, draftId) => get(`/api/studies/${id}/drafts/${draftId}/gradcam`),
  held: (id) => get(`/api/studies/${id}/reading`),
  draft: (id, again, signal) => lines(`/api/studies/${id}/draft`, { again }, { signal }),
  open: (id, draftId) => post(`/api/studies/${id}/reading`, { draft_id: draftId }),
  save: (readingId, content, options) => put(`/api/readings/${readingId}`, content, options),
  adopt: (readingId, revision, draftId) => post(`/api/readings/${readingId}/adopt`, { revision, draft_id: draftId }),
  sign: (readingId, content) => post(`/api/readings/${readingId}/sign`, content),
  keepAmendment: (readingId, content, options) => put(`/api/readings/${readingId}/amendment`, content, options),
  discardAmendment: (readingId, revision) => post(`/api/readings/${readingId}/amendment/discard`, { revision }),
  amend: (readingId, content) => post(`/api/readings/${readingId}/amend`, content),

  markSentence: (readingId, index, mark) => put(`/api/readings/${readingId}/sentences/${index}`, mark),
  unmarkSentence: (readingId, index, inserted) => request("DELETE", `/api/readings/${readingId}/sentences/${index}${inserted ? "?inserted=1" : ""}`),
  markRegion: (readingId, region, mark) => put(`/api/readings/${readingId}/regions/${at(region)}`, mark),
  unmarkRegion: (readingId, region, imageId) => request("DELETE", `/api/readings/${readingId}/regions/${at(region)}?${query({ image_id: imageId })}`),

  suggestErrors: (drafted, edited) => post("/api/wording/errors", { drafted, edited }),
  impression: (sentences) => post("/api/wording/impression", { sentences }),
  findings: (sentences) => post("/api/wording/findings", { sentences }),
  setFinding: (sentences, finding, present) => post("/api/wording/finding", { sentences, finding, present }),
  sentenceFor: (id, region, said) => post(`/api/studies/${id}/sentence`, { region, said }),

  macros: () => get("/api/macros"),
  keepMacro: (name, text, replace) => put(`/api/macros/${at(name)}`, { text, replace }),
  dropMacro: (name) => request("DELETE", `/api/macros/${at(name)}`),

  pair: (id, signal) => lines(`/api/studies/${id}/pair`, {}, { signal }),
  choose: (id, choice) => post(`/api/studies/${id}/choice`, choice),
};
