// What the routes answer. Written by `python -m ui.pages.script_types` from the pages' answers.py:
// change it there.

export interface Account {
  id: number;
  name: string;
  role: "reader" | "lead" | "admin";
  created_at: string;
  sites: string[] | null;
  disabled: boolean;
  locked: boolean;
}
export interface Added {
  id: number;
  ids: number[];
  notices: Notice[];
}
export interface Amendment {
  text: string;
  sentences: Sentence[];
}
export interface Author {
  name: string;
  version: string;
  demonstration: boolean;
}
export interface Choice {
  outcome: "left" | "right" | "tie" | "both_bad";
  draft_id: number | null;
}
export interface Choices {
  sites: string[];
  readers: Who[];
  findings: string[];
  statuses: ("new" | "drafted" | "in reading" | "signed" | "amended")[];
}
export interface Claim {
  claimed_by: Who | null;
}
export interface Draft {
  id: number;
  model: Author;
  model_version_id: number;
  report: Report;
  created_at: string;
  prior_study: number | null;
  images: number[];
}
export interface DraftSentence {
  text: string;
  confidence?: number | null;
  regions?: RegionWeight[];
  flag?: string | null;
  map?: Map | null;
}
export interface DraftTold {
  kind: "draft";
  draft: Draft;
}
export interface ErrorMark {
  category: string;
  significant: boolean;
}
export interface ErrorTold {
  kind: "error";
  message: string;
  possible?: boolean;
}
export interface Errors {
  errors: ErrorMark[];
}
export interface Evaluation {
  set: "held_out" | "base";
  n: number;
  decision: "promote" | "reject" | null;
  reasons: string[];
  figures: any;
}
export interface Event {
  id: number;
  at: string;
  kind: "stage" | "progress" | "log" | "sample" | "result";
  stage: string;
  step: number;
  total: number;
  data: Record<string, any>;
}
export interface Events {
  job: Job;
  events: Event[];
  last_event: number;
  evaluations: Evaluation[];
}
export interface Filed {
  job_id: number;
}
export interface Findings {
  stated: Record<string, string>;
}
export interface Following {
  id: number | null;
}
export interface GradCams {
  maps: Map[];
}
export interface Held {
  draft: Draft | null;
  newer_draft: NewerDraft | null;
  reading: Reading | null;
  others: Other[];
  claimed_by: Who | null;
  live: Live;
}
export interface Image {
  id: number;
  position: number;
  view: string | null;
  side: string | null;
  rows: number;
  columns: number;
  bits: number;
  channels: number;
  window: [number, number];
  windows: Window[];
  kind: string;
  photometric: string | null;
  pixel_spacing_mm: [number, number] | null;
  spacing_plane: string | null;
  header: Record<string, any> | null;
  notices: Notice[];
  created_at: string;
}
export interface Impression {
  sentences: string[];
  not_read: string[];
}
export interface Job {
  id: number;
  status: "queued" | "running" | "succeeded" | "failed" | "cancelled";
  requested_by: string | null;
  cancel_requested: boolean;
  attempts: number;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  heartbeat_at: string | null;
  now: string;
  reason: string;
  outcome: Record<string, any>;
  candidate_id: number | null;
  stages: string[];
}
export interface JobInBrief {
  id: number;
  status: "queued" | "running" | "succeeded" | "failed" | "cancelled";
  began: boolean;
  at: string;
  decision: string | null;
}
export interface Live {
  id: number;
  name: string;
  version: string;
}
export interface Macro {
  name: string;
  text: string;
}
export interface Map {
  image: number;
  kind: "attended" | "named" | "gradient";
  extent_xywh: [number, number, number, number];
  rows: number;
  columns: number;
  values: string;
}
export interface MarkedRegion {
  region: string;
}
export interface MarkedSentence {
  index: number;
}
export interface Me {
  reader: Reader;
  model: AnswersModel;
  profile: Profile;
  room_left_gb: number | null;
}
export interface Minimums {
  readings: number;
  held_out: number;
}
export interface Newer {
  revision: number;
  text: string;
  sentences: any[];
  saved_at: string | null;
}
export interface NewerDraft {
  id: number;
  model: Author;
}
export interface Nothing {
}
export interface Notice {
  code: string;
  values: Record<string, any>;
  severity: "info" | "caution" | "stop";
  sentence: string;
}
export interface NowLive {
  name: string;
  version: string;
}
export interface Other {
  reader: string;
  status: "open" | "signed" | "amended";
  here: boolean;
}
export interface Overview {
  waiting: number;
  signed: Signed;
  minimums: Minimums;
  preferences: Preferences;
  job: Job | null;
  queue: Job[];
  queue_is_full: boolean;
  jobs: JobInBrief[];
  seconds: Record<string, number> | null;
  versions: Version[];
  rolls_back_to: WayBack | null;
  runs_jobs: boolean;
  may_train: boolean;
}
export interface Pair {
  id: string;
  left: string[];
  right: string[];
  same: boolean;
  notices: Notice[];
  outcome: "left" | "right" | "tie" | "both_bad" | null;
  strength: number | null;
  reasons: string[];
  draft_id: number | null;
}
export interface PairTold {
  kind: "pair";
  pair: Pair;
}
export interface Preferences {
  choices: number;
  edits: number;
}
export interface Presence {
  others: Present[];
}
export interface Present {
  reader: Who;
  seen_at: string;
}
export interface Prior {
  id: number;
  origin: "phantom" | "upload";
  days_before: number | null;
  order_known: boolean;
  images: Image[];
}
export interface Profile {
  name: string;
  title: string;
  regions: string[];
  findings: string[];
  views: string[];
}
export interface Promotion {
  at: string;
  by: string | null;
  reason: string;
}
export interface Reader {
  id: number;
  name: string;
  role: "reader" | "lead" | "admin";
  sites: string[] | null;
}
export interface Reading {
  id: number;
  draft_id: number | null;
  status: "open" | "signed";
  amended: boolean;
  revision: number;
  text: string;
  sentences: Sentence[];
  saved_at: string | null;
  signed_at: string | null;
  active_seconds: number;
  agreement: number | null;
  amendment: Amendment | null;
  sentence_marks: SentenceMark[];
  region_marks: RegionMark[];
}
export interface Refusal {
  error: string;
  study_id?: number | null;
  claimed_by?: Who | null;
  outcome?: string | null;
  newer?: Newer | null;
}
export interface Region {
  name: string;
  image: number;
  box_xywh: [number, number, number, number];
  visible: number;
  significance: number;
  map?: Map | null;
}
export interface RegionMark {
  region: string;
  image_id: number;
  action: "drawn" | "moved" | "removed";
  box_xywh: [number, number, number, number] | null;
}
export interface RegionWeight {
  name: string;
  weight: number;
}
export interface Report {
  sentences: DraftSentence[];
  regions?: Region[];
  findings?: Record<string, number>;
  needs_eye?: number | null;
  novelty?: number | null;
  notices: Notice[];
  looked_at: number[];
  abilities?: string[];
}
export interface Revision {
  revision: number;
  kind: "save" | "sign" | "amending" | "discard" | "amend";
  saved_at: string | null;
  text: string;
}
export interface Row {
  id: number;
  site: string;
  origin: "phantom" | "upload";
  view: string | null;
  views: (string | null)[];
  has_frontal: boolean;
  indication: string;
  status: "new" | "drafted" | "in reading" | "signed" | "amended";
  readers: string[];
  drafted_by: string | null;
  created_at: string;
  needs_eye: number | null;
  confidence: number | null;
  disagrees: boolean;
  findings: string[] | null;
  claimed_by: Who | null;
}
export interface Saved {
  revision: number;
  saved_at: string | null;
}
export interface Sentence {
  text: string;
  draft_index?: number | null;
  state?: string;
  regions?: string[];
}
export interface SentenceFound {
  sentence: DraftSentence | null;
}
export interface SentenceMark {
  index: number;
  text: string;
  verdict: "accepted" | "edited" | "deleted" | "inserted";
  errors: ErrorMark[];
}
export interface SentenceTold {
  kind: "sentence";
  sentence: DraftSentence;
}
export interface Signed {
  training: number;
  held_out: number;
}
export interface Standing {
  status: "queued" | "running" | "succeeded" | "failed" | "cancelled";
}
export interface StateTold {
  kind: "state";
  text: string;
}
export interface Study {
  id: number;
  position: number;
  view: string | null;
  side: string | null;
  rows: number;
  columns: number;
  bits: number;
  channels: number;
  window: [number, number];
  windows: Window[];
  kind: string;
  photometric: string | null;
  pixel_spacing_mm: [number, number] | null;
  spacing_plane: string | null;
  header: Record<string, any> | null;
  notices: Notice[];
  created_at: string;
  site: string;
  origin: "phantom" | "upload";
  indication: string;
  comparison: string;
  technique: string;
  age: number | null;
  sex: "F" | "M" | "O" | null;
  images: Image[];
  prior: Prior | null;
  total: number;
  previous: number | null;
  next: number | null;
  claimed_by: Who | null;
}
export interface Texts {
  sentences: string[];
}
export interface Version {
  id: number;
  name: string;
  number: string;
  status: "live" | "candidate" | "rejected" | "retired";
  demonstration: boolean;
  created_at: string;
  promoted_at: string | null;
  promoted_by: string | null;
  reason: string;
  parent_id: number | null;
  can_be_made_live: boolean;
}
export interface VersionInFull {
  id: number;
  name: string;
  number: string;
  status: "live" | "candidate" | "rejected" | "retired";
  demonstration: boolean;
  created_at: string;
  promoted_at: string | null;
  promoted_by: string | null;
  reason: string;
  parent_id: number | null;
  can_be_made_live: boolean;
  parent: string | null;
  snapshot_sha256: string | null;
  config: Record<string, any>;
  readings: any;
  environment: any;
  evaluations: Evaluation[];
  promotions: Promotion[];
}
export interface WayBack {
  name: string;
  number: string;
}
export interface Who {
  id: number;
  name: string;
}
export interface Window {
  name: string;
  window: [number, number];
}
export interface Worklist {
  rows: Row[];
  total: number;
  more: boolean;
}
export interface AdminModel {
  name: string;
  version: string;
  demonstration: boolean;
  state: "cold" | "loading" | "ready" | "failed";
  message: string;
  folder?: string | null;
  device?: string | null;
  config?: Record<string, any> | null;
}
export interface AnswersModel {
  name: string;
  version: string;
  demonstration: boolean;
  state: "cold" | "loading" | "ready" | "failed";
  message: string;
}

export interface Answers {
  "GET /api/me": Me;
  "GET /api/studies": Worklist;
  "GET /api/studies/choices": Choices;
  "GET /api/studies/next": Following;
  "POST /api/studies/{study_id}/claim": Claim;
  "POST /api/studies/{study_id}/release": Claim;
  "POST /api/studies/{study_id}/presence": Presence;
  "DELETE /api/studies/{study_id}/presence": Nothing;
  "POST /api/studies": Added;
  "GET /api/studies/{study_id}": Study;
  "GET /api/studies/{study_id}/drafts/{draft_id}/gradcam": GradCams;
  "POST /api/studies/{study_id}/sentence": SentenceFound;
  "GET /api/studies/{study_id}/reading": Held;
  "POST /api/studies/{study_id}/draft": StateTold | SentenceTold | ErrorTold | DraftTold;
  "POST /api/studies/{study_id}/reading": Reading;
  "PUT /api/readings/{reading_id}": Saved;
  "POST /api/readings/{reading_id}/adopt": Reading;
  "POST /api/readings/{reading_id}/sign": Saved;
  "PUT /api/readings/{reading_id}/amendment": Saved;
  "POST /api/readings/{reading_id}/amendment/discard": Saved;
  "POST /api/readings/{reading_id}/amend": Saved;
  "GET /api/readings/{reading_id}/revisions": Revision[];
  "PUT /api/readings/{reading_id}/sentences/{index}": MarkedSentence;
  "DELETE /api/readings/{reading_id}/sentences/{index}": Nothing;
  "PUT /api/readings/{reading_id}/regions/{region}": MarkedRegion;
  "DELETE /api/readings/{reading_id}/regions/{region}": Nothing;
  "GET /api/macros": Macro[];
  "PUT /api/macros/{name}": Macro;
  "DELETE /api/macros/{name}": Nothing;
  "POST /api/wording/errors": Errors;
  "POST /api/wording/impression": Impression;
  "POST /api/wording/findings": Findings;
  "POST /api/wording/unread": Texts;
  "POST /api/wording/finding": Texts;
  "POST /api/studies/{study_id}/pair": StateTold | ErrorTold | PairTold;
  "POST /api/studies/{study_id}/choice": Choice;
  "GET /api/training": Overview;
  "GET /api/training/jobs/{job_id}/events": Events;
  "POST /api/training/retrain": Filed;
  "POST /api/training/jobs/{job_id}/cancel": Standing;
  "POST /api/versions/{version_id}/leave": NowLive;
  "POST /api/versions/{version_id}/overrule": NowLive;
  "GET /api/versions/{version_id}": VersionInFull;
  "GET /api/accounts": Account[];
  "POST /api/accounts": Account;
  "PUT /api/accounts/{reader_id}": Account;
  "POST /api/accounts/{reader_id}/password": Account;
  "POST /api/accounts/{reader_id}/disable": Account;
  "POST /api/accounts/{reader_id}/enable": Account;
  "POST /api/me/password": Nothing;
  "GET /api/model": AdminModel;
}
