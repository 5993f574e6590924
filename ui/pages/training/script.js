// Training, told from left to right: feedback that waits, the stages with their clocks, the verdict; then curves, the
// comparison, and the versions with the way back. Polls while a job runs; the job itself runs without this page.
import { get, post } from "../../kit/api.js";
import { ask, tell } from "../../kit/dialog.js";
import { fill, h } from "../../kit/dom.js";
import { register } from "../../shell/router.js";
import { announce, refresh } from "../../kit/session.js";
import { curves } from "./curves.js";
import { comparison, findingsTable } from "./figures.js";
import { sampleCard } from "./samples.js";
import { logLines, stageStrip, withoutRepeats } from "./stages.js";
import { jobChoice, verdict } from "./verdict.js";
import { whyLeave, whyNotLive, versionDetails, versionList } from "./versions.js";
import { feedbackCard, whatWillTeach } from "./waiting.js";

const POLL_MS = 1000;
const IDLE_MS = 5000;
const ACTIVE = ["queued", "running"];

class Training {
  // The parts of the page, each drawn by itself.
  choice; trouble; feedback; stagesRow; told; curvesRow; result; samples; versions; log;

  constructor(section) {
    const part = (name) => (this[name] = h("div", { class: name })); // this.choice, this.feedback …
    this.drawn = {};
    fill(section, h("div", { class: "inner training-page" },
      h("div", { class: "title" }, h("h1", {}, "Training"), h("span", { class: "meta" }, "Signed reports and choices teach the next version. It goes live only if it is better on studies that no training has seen."), part("choice")),
      part("trouble"), h("div", { class: "story" }, part("feedback"), h("div", { class: "arrow" }, "→"), part("stagesRow")), part("told"), part("curvesRow"),
      h("div", { class: "lower" }, h("div", {}, part("result"), part("samples"), part("versions")), part("log"))));
  }

  async enter() {
    this.here = true;
    this.chosen = null; // a past job to look at; null follows the one that runs, else the newest
    announce({});
    this.#forgetJob(null);
    await this.#poll();
  }

  leave() {
    this.here = false;
    clearTimeout(this.timer);
  }

  #forgetJob(id) {
    this.job = id ? { id } : null;
    this.events = [];
    this.evaluations = [];
    this.seen = 0;
    this.sampled = null;
  }

  async #poll() {
    clearTimeout(this.timer);
    let pause = IDLE_MS;
    try {
      const overview = await get("/api/training", { byClock: true });
      if (!this.here) return;
      const live = overview.versions.find((one) => one.status === "live")?.id;
      if (this.live && live !== this.live) refresh({ byClock: true }).catch(() => {}); // the foot of the page names it
      this.live = live;
      this.overview = overview;
      const shown = this.chosen ?? overview.job?.id;
      if (shown !== this.job?.id) this.#forgetJob(shown);
      if (ACTIVE.includes(overview.job?.status)) pause = POLL_MS;
      if (this.job) {
        const told = await get(`/api/training/jobs/${this.job.id}/events?after=${this.seen}`, { byClock: true });
        if (!this.here) return;
        this.job = told.job;
        this.evaluations = told.evaluations;
        this.events = withoutRepeats([...this.events, ...told.events]);
        if (told.last_event !== this.seen) pause = POLL_MS;
        this.seen = told.last_event;
      }
      fill(this.trouble);
      this.#show();
    } catch (error) {
      if (!this.here) return;
      fill(this.trouble, h("div", { class: "notice red" }, `${error.message} A job that runs goes on without this page.`));
      pause = POLL_MS;
    }
    if (this.here) this.timer = setTimeout(() => this.#poll(), pause);
  }

  // Draws a part only where what it shows has changed: a menu that is open must not close, a text that is marked stay
  // marked, a button keep the focus.
  #draw(name, shown, build) {
    const state = JSON.stringify(shown);
    if (this.drawn[name] === state) return;
    this.drawn[name] = state;
    fill(this[name], build());
  }

  #show() {
    const { overview, job, events, evaluations } = this;
    const running = ACTIVE.includes(overview.job?.status) ? overview.job : null;
    const { signed, waiting, queue, minimums, preferences, queue_is_full, may_train } = overview;
    this.#draw("choice", [overview.jobs, job?.id], () => jobChoice(overview.jobs, job, (id) => this.#choose(id)));
    this.#draw("feedback", [signed, waiting, queue.map((one) => one.id), minimums, preferences, queue_is_full, may_train, running?.id, running?.cancel_requested],
      () => feedbackCard(overview, running, { retrain: () => this.#retrain(), cancel: (one) => this.#cancel(one) }));
    fill(this.stagesRow, stageStrip(job, events));
    fill(this.told, verdict(job, events, overview));
    const state = [job?.id, job?.status, events.at(-1)?.id];
    this.#draw("curvesRow", state, () => curves(events, job));
    this.#draw("result", [job?.id, job?.status, evaluations.length], () => [comparison(evaluations, job?.outcome?.not_read), findingsTable(job?.outcome?.findings, evaluations.find(({ set }) => set === "held_out")?.figures.read)]);
    this.#draw("samples", [job?.id, job?.status, events.findLast((event) => event.kind === "sample")?.id, this.sampled],
      () => sampleCard(events, job, this.sampled, (study) => { this.sampled = study; this.#show(); }));
    this.#draw("versions", [overview.versions, overview.rolls_back_to, may_train],
      () => versionList(overview, { rollBack: (version) => this.#rollBack(version), overrule: (version) => this.#overrule(version), details: (version) => this.#details(version) }));
    const scrolled = this.log.querySelector("ol");
    const atEnd = !scrolled || scrolled.scrollHeight - scrolled.scrollTop - scrolled.clientHeight < 30;
    const top = scrolled?.scrollTop;
    this.#draw("log", state, () => logLines(events, job));
    const list = this.log.querySelector("ol");
    if (list) list.scrollTop = atEnd ? list.scrollHeight : top;
  }

  #choose(id) {
    this.chosen = id === this.overview.job.id ? null : id;
    this.#poll();
  }

  async #retrain() {
    const sure = await ask({ title: "Retrain the model?", body: whatWillTeach(this.overview), actions: [{ label: "Not now", value: false }, { label: "Retrain", value: true, kind: "primary" }] });
    if (!sure) return;
    this.chosen = null;
    await this.#do(() => post("/api/training/retrain", {}), "Training was not started");
  }

  async #cancel(job) {
    const lost = job.status === "queued" && !job.attempts ? "It has not begun; nothing is lost." : "What it has learnt so far is thrown away. The live model stays as it is.";
    const sure = await ask({ title: `Cancel job ${job.id}?`, body: h("p", {}, lost), actions: [{ label: "Leave it", value: false }, { label: "Cancel it", value: true, kind: "danger" }] });
    if (sure) await this.#do(() => post(`/api/training/jobs/${job.id}/cancel`), "It was not cancelled");
  }

  async #details(version) {
    try {
      const about = await get(`/api/versions/${version.id}`);
      await ask({ title: `${about.name} ${about.number}`, body: versionDetails(about), wide: true, actions: [{ label: "Close", value: null }] });
    } catch (error) {
      await tell("Nothing could be read", error.message);
    }
  }

  async #rollBack(version) {
    const { name, number } = this.overview.rolls_back_to;
    await this.#decide(`/api/versions/${version.id}/leave`, { title: `Go back to ${name} ${number}?`, label: "Go back", ...whyLeave(version, this.overview.rolls_back_to) });
  }

  async #overrule(version) {
    await this.#decide(`/api/versions/${version.id}/overrule`, { title: `Make ${version.name} ${version.number} live?`, label: "Make it live", ...whyNotLive(version) });
  }

  // A lead's decision with its reason. The question stays open, and the text in it, until the server takes the reason.
  async #decide(path, { title, body, hint, label }) {
    const reason = h("textarea", { rows: "3", maxlength: "2000", "aria-label": "Reason", placeholder: hint });
    const trouble = h("p", { class: "notice red", role: "alert", hidden: true });
    const before = async () => {
      try {
        await post(path, { reason: reason.value });
        return true;
      } catch (error) {
        fill(trouble, error.message);
        trouble.hidden = false;
        reason.focus();
        return false;
      }
    };
    const asked = ask({ title, body: [body, reason, trouble, h("p", { class: "meta" }, "Your name and this reason are kept.")], actions: [{ label: "Leave it", value: false }, { label, value: true, kind: "danger", deliberate: true, before }] });
    reason.focus();
    await asked;
    await this.#poll();
  }

  async #do(act, title) {
    try {
      await act();
    } catch (error) {
      await tell(title, error.message);
    }
    await this.#poll();
  }
}

export function mount(section) {
  const page = new Training(section);
  register(section, { enter: () => page.enter(), leave: () => page.leave() });
}
