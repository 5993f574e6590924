// The reading room: one study, its draft as cards, its evidence on the film, and what the reader makes of it.
import { Activity } from "../../kit/activity.js";
import { Cards } from "./report/cards.js";
import { ask, tell } from "../../kit/dialog.js";
import { fill, focused, h, hear } from "../../kit/dom.js";
import { Film } from "../../viewer/film.js";
import { Keeper } from "./keeping/keeper.js";
import { Macros } from "./report/macros.js";
import { Presence } from "./presence.js";
import { listenToKeys } from "./commands.js";
import { Panel } from "./panel.js";
import { Place } from "./place.js";
import { Pointing } from "./pointing.js";
import { Signing } from "./signing.js";
import { cardsOf, contentOf } from "./keeping/content.js";
import { Unread } from "./report/unread.js";
import { Writing } from "./report/writing.js";
import { cardsOfDraft, cardsOfText, fromDraft, headsOf } from "../../words/report_text.js";
import { go, register } from "../../shell/router.js";
import { server } from "../../kit/server.js";
import { announce, me, refresh } from "../../kit/session.js";
import { holds } from "../../kit/session_end.js";
import { resolveStale } from "./sign_dialog.js";

const NO_HEADS = { findings: "", impression: "Impression: " };

// What a report starts from where there is no draft to correct; why: what the page says about that.
const withoutDraft = (why) => ({ id: null, why, model: null, images: [], prior_study: null, report: { sentences: [], regions: [], findings: {}, notices: [], looked_at: [] } });

class ReadingRoom {
  constructor(section) {
    this.section = section;
    this.companions = [];
    this.reader = null;
    this.study = null;
    this.activity = null;
    this.amending = false;
    const box = h("div", {});
    this.panel = new Panel(this);
    fill(section, box, this.panel.root);
    this.film = new Film(box);
    this.macros = new Macros();
    this.unread = new Unread(() => { if (this.cards.editing === null) this.cards.render(); });
    this.cards = new Cards(this.panel.sentences, {
      onHover: (index) => this.pointing.at(index),
      onPin: () => this.pointing.at(),
      onChange: () => this.changed(),
      onFinished: (one) => this.finished(one),
      onRegion: (name, index) => this.pointing.pressed(name, index),
      expand: (area, options) => this.macros.expand(area, options),
      extras: (name) => this.panel.extras(name),
      isUnread: (text) => this.unread.has(text),
    });
    this.panel.attach(this.cards);
    this.signing = new Signing(this);
    this.writing = new Writing(this);
    this.pointing = new Pointing(this);
    this.place = new Place(this);
    this.film.addEventListener("write", () => this.writing.writeForRegion());
    this.film.addEventListener("marked", () => this.changed());
    listenToKeys(this);
  }

  async enter(id) {
    const before = this.study?.id;
    this.leave();
    this.here = true;
    const visit = (this.visit = new AbortController());
    this.panel.clear();
    try {
      if (id === null) {
        const first = (await server.worklist({ limit: 1, waiting: 1, order: "needs_eye" })).rows[0] ?? (await server.worklist({ limit: 1 })).rows[0];
        if (visit.signal.aborted) return;
        if (first) go("reading", first.id);
        else this.panel.empty();
        return;
      }
      this.place.step(before, id);
      const [person, study, held] = await Promise.all([me(), server.study(id), server.held(id)]);
      if (visit.signal.aborted) return;
      Object.assign(this, { reader: person.reader, study, held });
      this.place.enter(study, held);
      this.macros.load();
      this.presence = new Presence(id, (others) => {
        this.companions = others;
        if (this.draft) this.panel.update();
      });
      this.place.tell();
      this.film.open(this.study).then(() => {
        if (visit.signal.aborted || !this.draft) return;
        this.#evidence();
        this.place.lookAhead();
      });
      if (held.draft) this.show(held.draft, held.reading);
      else if (held.reading?.revision) this.show(withoutDraft(""), held.reading);
      else await this.#draft(visit);
    } catch (error) {
      if (error.name !== "AbortError" && !visit.signal.aborted) this.panel.trouble(error, () => this.enter(id));
    }
  }

  leave() {
    this.here = false;
    this.visit?.abort();
    this.keeper?.close();
    this.presence?.close();
    this.activity?.stop();
    Object.assign(this, { keeper: null, presence: null, activity: null, draft: null, reading: null, study: null, amending: false, companions: [] });
    this.place.leave();
    this.film.setMarks([], true);
    this.film.close();
    this.cards.set([], true);
    announce({});
  }

  get readOnly() {
    return this.reading?.status === "signed" && !this.amending;
  }

  get author() {
    return this.draft?.model ? `${this.draft.model.name} ${this.draft.model.version}` : "";
  }

  get heads() {
    return this.draft ? headsOf(this.draft) : NO_HEADS;
  }

  // Streams a draft; on the server it is written to its end whether or not this page stays.
  async #draft(visit, again = false) {
    this.panel.working("Asking for a draft");
    this.cards.set([], true);
    this.draft = null;
    this.film.setReport(null);
    for await (const event of server.draft(this.study.id, again, visit.signal)) {
      if (event.kind === "state") this.panel.working(event.text);
      if (event.kind === "sentence") {
        const before = this.cards.sentences;
        this.cards.append(fromDraft(event.sentence, before.length, /^impression\s*:/i.test(event.sentence.text) ? "impression" : before.at(-1)?.section ?? "findings"));
      }
      if (event.kind === "error" && event.possible === false) return this.show(withoutDraft(event.message), null);
      if (event.kind === "error") throw new Error(event.message);
      if (event.kind === "draft") {
        this.show(event.draft, null);
        this.panel.scroll.scrollTop = 0; // the stream ran down the list; what to know about the image is at its head
        refresh().catch(() => {});
      }
    }
  }

  show(draft, reading) {
    this.draft = draft;
    this.reading = reading;
    this.panel.working(null);
    this.keeper?.close();
    const activity = (this.activity ??= new Activity(reading?.active_seconds ?? 0));
    const { study } = this;
    const keeper = (this.keeper = new Keeper({
      readerId: this.reader.id, studyId: study.id, draftId: draft.id, reading, amending: this.amending, seconds: () => activity.total,
      // The keeper may outlive the visit: what it opens then is no longer this room's.
      open: async () => {
        const opened = await server.open(study.id, draft.id);
        if (keeper === this.keeper) this.reading = opened;
        return opened;
      },
    }));
    hear(keeper, "state", (state) => this.#kept(state));
    if (this.readOnly && reading.amendment) return this.signing.beginAmending(reading.amendment);
    this.panel.sentences.classList.toggle("still", true);
    this.film.setMarks(reading?.region_marks ?? [], this.readOnly);
    this.cards.set(reading ? cardsOf(reading, draft) : cardsOfDraft(draft), this.readOnly);
    this.unread.ask(this.cards.sentences.map((one) => one.text));
    if (this.film.viewer.pixels) this.#evidence();
    this.panel.update();
    this.place.tell();
    this.#recover(keeper, reading);
  }

  #evidence() {
    const { draft, study } = this;
    const gradCams = draft.report.abilities?.includes("gradient") ? () => server.gradCams(study.id, draft.id) : null;
    this.film.setReport(draft.report, { gradCams, images: draft.images });
  }

  // Edits that this browser kept while the server was away.
  #recover(keeper, reading) {
    const unsent = keeper.unsent();
    if (!unsent) return;
    keeper.recovered = unsent.tab;
    if (this.readOnly) return;
    const same = unsent.text === (reading?.text ?? null);
    if (reading && !same && reading.revision !== unsent.revision) return void this.#stale(reading, unsent);
    this.#take(unsent);
  }

  // Goes on with a kept text, its marks and its boxes; one that was begun from another draft comes as words alone.
  #take(kept) {
    const ofThisDraft = kept.draftId === undefined || kept.draftId === this.draft.id;
    this.film.setMarks(kept.region_marks ?? [], false);
    this.cards.set(ofThisDraft ? cardsOf(kept, this.draft) : cardsOfText(kept.text, cardsOfDraft(this.draft)), false);
    this.changed();
  }

  content() {
    return contentOf(this.cards.sentences, this.heads, this.film.marks, this.cards.editing);
  }

  changed() {
    if (!this.draft || this.readOnly) return;
    this.keeper?.touch(this.content());
    this.panel.update();
    this.pointing.at();
  }

  // What the error counter makes of a sentence that was rewritten, struck or added.
  async finished(one) {
    this.unread.ask([one.text]);
    const edited = one.state === "deleted" ? "" : one.text.trim();
    const drafted = one.drafted ?? "";
    if (edited === drafted) {
      one.suggested = [];
      return;
    }
    try {
      const { errors } = await server.suggestErrors(drafted, edited);
      if (one.state === "deleted" ? edited === "" : one.text.trim() === edited) this.cards.suggestFor(one, errors);
    } catch {
      // Missing suggestions do no harm: the reader can mark errors all the same.
    }
  }

  async #stale(theirs, mine) {
    const { keeper } = this;
    const answer = await resolveStale({ mine: mine.text, theirs });
    if (keeper !== this.keeper) return;
    keeper.rebase(theirs.revision);
    if (answer === "mine") this.#take(mine);
    else {
      keeper.forget();
      this.enter(this.study.id);
    }
  }

  #kept(state) {
    this.place.tell();
    if (state.kind === "stale") this.#stale(state.newer, { ...this.content(), draftId: this.draft.id });
    if (state.kind === "refused") tell("This was not saved", `${state.message} Your text stays on this page and in this browser.`);
  }

  leaveFields() {
    if (focused()?.matches("textarea, input")) focused().blur();
  }

  async save() {
    if (!this.keeper || this.readOnly) return;
    this.leaveFields();
    if (!this.keeper.latest && !this.reading?.saved_at) this.keeper.touch(this.content());
    await this.keeper.flush();
  }

  async draftAgain() {
    if (!this.draft || this.reading) return;
    const { visit } = this;
    try {
      await this.#draft(visit, true);
    } catch (error) {
      if (error.name !== "AbortError") this.panel.trouble(error, () => this.enter(this.study.id));
    }
  }

  // Starts over from a newer draft; what was written stays in the revisions.
  async adopt(draftId) {
    if (!this.reading) return this.draftAgain();
    const sure = await ask({
      title: "Start over from the newer draft?", body: h("p", {}, "Your text so far stays in the record of revisions."),
      actions: [{ label: "Keep my text", value: false, kind: "primary" }, { label: "Start over", value: true }],
    });
    if (!sure) return;
    try {
      await this.save();
      await server.adopt(this.reading.id, this.keeper.revision, draftId);
      this.enter(this.study.id);
    } catch (error) {
      tell("The draft was not taken over", error.message);
    }
  }
}

export function mount(section) {
  const room = new ReadingRoom(section);
  holds(() => room.keeper?.held ?? null);
  register(section, { enter: (id) => room.enter(id), leave: () => room.leave() });
}
