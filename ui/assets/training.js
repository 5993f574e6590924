// Training, told from left to right: feedback that waits, the stages with their clocks, curves, the comparison, the
// verdict; and the versions with the way back. Polls while a job runs; the job itself runs without this page.
import { get, post } from "./api.js";
import { ask, tell } from "./dialog.js";
import { fill, h } from "./dom.js";
import { register } from "./router.js";
import { announce, refresh } from "./session.js";
import { comparison, curves, logLines, stageStrip, verdict } from "./training_parts.js";
import { sampleCard } from "./training_samples.js";
import { overruleForm, versionDetails, versionList } from "./training_versions.js";

const POLL_MS = 1000;
const IDLE_MS = 5000;

class Training {
  constructor(section) {
    const part = (name) => (this[name] = h("div", { class: name }));
    fill(section, h("div", { class: "inner training-page" },
      h("div", { class: "title" }, h("h1", {}, "Training"), h("span", { class: "meta" }, "Signed reports and choices teach the next version. It goes live only if it is better on studies that no training has seen.")),
      part("trouble"), part("story"), part("curvesRow"), h("div", { class: "lower" }, h("div", {}, part("result"), part("samples"), part("versions")), part("log"))));
  }

  async enter() {
    this.here = true;
    announce({});
    this.#forgetJob(null);
    await this.#poll();
  }

  leave() {
    this.here = false;
    clearTimeout(this.timer);
  }

  #forgetJob(job) {
    this.job = job;
    this.events = [];
    this.seen = 0;
    this.sampled = null;
    this.drawn = null;
  }

  async #poll() {
    clearTimeout(this.timer);
    let pause = IDLE_MS;
    try {
      const overview = await get("/api/training", { byClock: true });
      if (!this.here) return;
      if (overview.job?.id !== this.job?.id) this.#forgetJob(overview.job);
      this.overview = overview;
      if (this.job) {
        const told = await get(`/api/training/jobs/${this.job.id}/events?after=${this.seen}`, { byClock: true });
        if (!this.here) return;
        const before = this.job.status;
        this.job = told.job;
        this.events.push(...told.events);
        this.seen = told.last_event;
        if (["queued", "running"].includes(this.job.status)) pause = POLL_MS;
        else if (["queued", "running"].includes(before)) {
          refresh({ byClock: true }).catch(() => {});
          pause = 0;
        }
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

  #show() {
    const { overview, job, events } = this;
    const active = job && ["queued", "running"].includes(job.status);
    fill(this.story, this.#waiting(overview, active), h("div", { class: "arrow" }, "→"), stageStrip(job, events));
    fill(this.curvesRow, curves(events, job));
    fill(this.result, verdict(job, overview), comparison(job, events));
    // Only where something new is told: a menu that is open must not close, a text that is marked stay marked.
    const sampleState = `${events.findLast((event) => event.kind === "sample")?.id} ${this.sampled}`;
    if (this.drawn !== sampleState) {
      this.drawn = sampleState;
      fill(this.samples, sampleCard(events, this.sampled, (study) => { this.sampled = study; this.#show(); }));
    }
    fill(this.versions, versionList(overview, { rollBack: () => this.#rollBack(), overrule: (version) => this.#overrule(version), details: (version) => this.#details(version) }));
    const scrolled = this.log.querySelector("ol");
    const atEnd = !scrolled || scrolled.scrollHeight - scrolled.scrollTop - scrolled.clientHeight < 30;
    fill(this.log, logLines(events, job));
    const list = this.log.querySelector("ol");
    if (list) list.scrollTop = atEnd ? list.scrollHeight : scrolled.scrollTop;
  }

  #waiting(overview, active) {
    const number = (value, label) => h("div", {}, h("b", { class: "number" }, String(value)), h("span", {}, label));
    const { signed, preferences } = overview;
    const button = h("button", { type: "button", class: active ? "" : "primary", "data-act": "retrain", disabled: !overview.may_train || overview.queue_is_full, onclick: () => this.#retrain() }, active ? "Retrain after this" : "Retrain");
    const stop = active ? h("button", { type: "button", class: "danger", "data-act": "cancel", disabled: !overview.may_train || this.job.cancel_requested, onclick: () => this.#cancel(this.job) }, this.job.cancel_requested ? "Cancelling…" : "Cancel") : null;
    const queue = overview.queue.map((job) => h("li", { "data-waiting": String(job.id) }, `Job ${job.id} waits${job.requested_by ? `, asked for by ${job.requested_by}` : ""}. `,
      overview.may_train ? h("button", { type: "button", class: "quiet", "data-act": "cancel-waiting", onclick: () => this.#cancel(job) }, "Cancel it") : null));
    return h("section", { class: "card waiting" }, h("h2", {}, "Feedback"),
      h("div", { class: "figures" }, number(overview.waiting, "new signed readings wait"), number(signed.training, "signed for training"),
        number(signed.held_out, "signed, held out"), number(preferences.choices + preferences.edits, "preferences")),
      queue.length ? h("ul", { class: "queue" }, queue) : null,
      h("div", { class: "act" }, stop, button, overview.may_train ? null : h("span", { class: "meta" }, "A lead or administrator can start it.")));
  }

  async #retrain() {
    const { waiting, signed } = this.overview;
    const sure = await ask({
      title: "Retrain the model?",
      body: [h("p", {}, `${signed.training} signed readings will teach the next version, ${waiting} of them for the first time. It is judged on ${signed.held_out} held-out readings.`),
        h("p", { class: "meta" }, "It runs in a process of its own: close this page if you like. Reading goes on meanwhile; nothing changes unless the new version is better.")],
      actions: [{ label: "Not now", value: false }, { label: "Retrain", value: true, kind: "primary" }],
    });
    if (sure) await this.#do(() => post("/api/training/retrain", {}), "Training was not started");
  }

  async #cancel(job) {
    const sure = await ask({ title: "Cancel this training?", body: h("p", {}, "What it has learnt so far is thrown away. The live model stays as it is."), actions: [{ label: "Let it run", value: false }, { label: "Cancel it", value: true, kind: "danger" }] });
    if (sure) await this.#do(() => post(`/api/training/jobs/${job.id}/cancel`), "It was not cancelled");
  }

  async #overrule(version) {
    const { reason, body } = overruleForm(version);
    const sure = await ask({ title: `Make ${version.name} ${version.number} live?`, body, actions: [{ label: "Leave it", value: false }, { label: "Make it live", value: true, kind: "danger" }] });
    if (sure) await this.#do(() => post(`/api/versions/${version.id}/overrule`, { reason: reason.value }), "It was not made live");
    refresh().catch(() => {});
  }

  async #details(version) {
    try {
      const about = await get(`/api/versions/${version.id}`);
      await ask({ title: `${about.name} ${about.number}`, body: versionDetails(about), wide: true, actions: [{ label: "Close", value: null }] });
    } catch (error) {
      await tell("Nothing could be read", error.message);
    }
  }

  async #rollBack() {
    const live = this.overview.versions.find((one) => one.status === "live");
    await this.#do(() => post(`/api/versions/${live.id}/leave`), "It was not rolled back");
    refresh().catch(() => {});
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
  register("training", section, { enter: () => page.enter(), leave: () => page.leave() });
}
