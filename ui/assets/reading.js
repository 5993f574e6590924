// The reading room: one study, its draft as cards, its evidence on the film, and what the reader makes of it.
import { get, lines, post } from "./api.js";
import { Cards, fromDraft, fromReading, reportText, toReading } from "./cards.js";
import { ask, tell } from "./dialog.js";
import { fill, h, studyNumber } from "./dom.js";
import { Film } from "./film.js";
import { Keeper } from "./keeping.js";
import { listenToKeys } from "./reading_keys.js";
import { Panel } from "./reading_panel.js";
import { go, register } from "./router.js";
import { announce, me, refresh } from "./session.js";
import { confirmSigning, resolveStale } from "./sign.js";

class ReadingRoom {
  constructor(section) {
    this.section = section;
    const box = h("div", {});
    this.panel = new Panel(this);
    fill(section, box, this.panel.root);
    this.film = new Film(box);
    this.cards = new Cards(this.panel.sentences, {
      onHover: (index) => this.#point(index),
      onPin: () => this.#point(null),
      onChange: () => this.#changed(),
    });
    this.film.addEventListener("region", (event) => {
      this.film.choose(event.detail);
      this.cards.light(event.detail);
    });
    listenToKeys(this);
  }

  async enter(id) {
    this.leave();
    this.here = true;
    const visit = (this.visit = new AbortController());
    this.panel.clear();
    try {
      if (id === null) {
        const first = (await get("/api/studies?limit=1&waiting=1")).rows[0] ?? (await get("/api/studies?limit=1")).rows[0];
        if (visit.signal.aborted) return;
        if (first) go("reading", first.id);
        else this.panel.empty();
        return;
      }
      const [person, study, held] = await Promise.all([me(), get(`/api/studies/${id}`), get(`/api/studies/${id}/reading`)]);
      if (visit.signal.aborted) return;
      Object.assign(this, { reader: person.reader, study, held });
      this.#where();
      this.film.open(study).then(() => {
        if (!visit.signal.aborted && this.draft) this.film.setReport(this.draft.report);
      });
      if (held.draft) this.#show(held.draft, held.reading);
      else await this.#draft(visit);
    } catch (error) {
      if (error.name !== "AbortError" && !visit.signal.aborted) this.panel.trouble(error, () => this.enter(id));
    }
  }

  leave() {
    this.here = false;
    this.visit?.abort();
    this.keeper?.close();
    this.keeper = null;
    this.draft = null;
    this.reading = null;
    this.amending = false;
    this.film.viewer.close();
    this.film.setReport(null);
    this.cards.set([], true);
    announce({});
  }

  get readOnly() {
    return this.reading?.status === "signed" && !this.amending;
  }

  get author() {
    return this.draft ? `${this.draft.model.name} ${this.draft.model.version}` : "";
  }

  // Streams a draft; on the server it is written to its end whether or not this page stays.
  async #draft(visit, again = false) {
    this.panel.working("Asking for a draft");
    this.cards.set([], true);
    this.draft = null;
    this.film.setReport(null);
    for await (const event of lines(`/api/studies/${this.study.id}/draft`, { again }, { signal: visit.signal })) {
      if (event.kind === "state") this.panel.working(event.text);
      if (event.kind === "sentence") this.cards.append(fromDraft(event.sentence, this.cards.sentences.length));
      if (event.kind === "error") throw new Error(event.message);
      if (event.kind === "draft") {
        this.#show(event.draft, null);
        refresh().catch(() => {});
      }
    }
  }

  #show(draft, reading) {
    this.draft = draft;
    this.reading = reading;
    this.panel.working(null);
    this.keeper?.close();
    const keeper = (this.keeper = new Keeper({
      readerId: this.reader.id, studyId: this.study.id, draftId: draft.id, reading, localOnly: this.amending,
      open: async () => (this.reading = await post(`/api/studies/${this.study.id}/reading`, { draft_id: draft.id })),
    }));
    keeper.addEventListener("state", (event) => this.#kept(event.detail));
    const sentences = reading ? fromReading(reading.sentences, draft) : draft.report.sentences.map(fromDraft);
    this.panel.sentences.classList.toggle("still", true);
    this.cards.set(sentences, this.readOnly);
    if (this.film.viewer.pixels) this.film.setReport(draft.report);
    this.panel.update();
    this.#where();
    this.#recover(keeper, reading);
  }

  // Edits that this browser kept while the server was away.
  async #recover(keeper, reading) {
    const unsent = keeper.unsent();
    if (!unsent) return;
    keeper.recovered = unsent.tab;
    if (unsent.text === (reading?.text ?? null)) return keeper.forget();
    if (this.readOnly) {
      if (unsent.amending && unsent.revision === reading.revision) this.#beginAmending(unsent.sentences);
      else keeper.forget();
      return;
    }
    if (!reading && unsent.draftId !== this.draft.id) return keeper.forget();
    if (reading && reading.revision !== unsent.revision) return this.#stale(reading, fromReading(unsent.sentences, this.draft));
    this.cards.set(fromReading(unsent.sentences, this.draft), false);
    this.#changed();
  }

  #content() {
    const content = { text: reportText(this.cards.sentences), sentences: toReading(this.cards.sentences) };
    return this.amending ? { ...content, amending: true } : content;
  }

  #changed() {
    this.keeper?.touch(this.#content());
    this.panel.update();
    this.#point(null);
  }

  async #stale(theirs, mine) {
    const keeper = this.keeper;
    const answer = await resolveStale({ mine, theirs });
    if (keeper !== this.keeper) return;
    keeper.rebase(theirs.revision);
    if (answer === "mine") {
      this.cards.set(mine, false);
      this.#changed();
    } else {
      keeper.forget();
      this.enter(this.study.id);
    }
  }

  #kept(state) {
    this.#where();
    if (state.kind === "stale" && state.newer) this.#stale(state.newer, this.cards.sentences);
    if (state.kind === "refused") tell("This was not saved", `${state.message} Your text stays on this page and in this browser.`);
  }

  #point(hovered) {
    const index = hovered ?? this.cards.pinned;
    const one = index === null ? null : this.cards.sentences[index];
    this.film.focus(one ?? null);
    if (hovered !== null) this.film.choose(null);
  }

  #where() {
    const { study } = this;
    if (!study || !this.here) return;
    const parts = [study.site && `site ${study.site}`, study.view, study.origin === "phantom" ? "phantom" : null].filter(Boolean).join(" · ");
    announce({
      where: [h("b", {}, `Study ${studyNumber(study.id)}`), parts && ` · ${parts}`],
      chips: [h("span", { class: "chip number" }, `${study.position} of ${study.total}`), this.panel.savedChip(this.keeper?.state, this.reading)],
    });
  }

  async save() {
    if (!this.keeper || this.readOnly) return;
    this.cards.host.querySelector("textarea")?.blur();
    if (!this.keeper.latest && !this.reading?.saved_at) this.keeper.touch(this.#content());
    await this.keeper.flush();
  }

  async sign() {
    if (!this.draft || this.readOnly) return;
    this.cards.host.querySelector("textarea")?.blur();
    const study = `study ${studyNumber(this.study.id)}`;
    if (!(await confirmSigning({ sentences: this.cards.sentences, reader: this.reader, author: this.author, study }))) return;
    try {
      if (this.amending) {
        await post(`/api/readings/${this.reading.id}/amend`, { revision: this.reading.revision, ...this.#content() });
        this.keeper.forget();
        await this.enter(this.study.id);
        return;
      }
      await this.save();
      if (this.keeper.latest || !this.reading) {
        await tell("Not signed", "The report could not be saved first, so it was not signed. Your text is kept on this computer; sign when the server answers again.");
        return;
      }
      await post(`/api/readings/${this.reading.id}/sign`, { revision: this.keeper.revision });
      await this.enter(this.study.id);
    } catch (error) {
      tell("Not signed", error.message);
    }
  }

  async amend() {
    const sure = await ask({
      title: "Amend this signed report?",
      body: h("p", {}, "The signed text stays in force until you sign again, and in the record after that."),
      actions: [{ label: "Leave it signed", value: false }, { label: "Amend", value: true, kind: "primary" }],
    });
    if (sure) this.#beginAmending(this.reading.sentences);
  }

  #beginAmending(sentences) {
    this.amending = true;
    this.#show(this.draft, { ...this.reading, sentences });
  }

  dropAmendment() {
    this.keeper.forget();
    this.enter(this.study.id);
  }

  async draftAgain() {
    if (!this.draft || this.reading) return;
    const visit = this.visit;
    try {
      await this.#draft(visit, true);
    } catch (error) {
      if (error.name !== "AbortError") this.panel.trouble(error, () => this.enter(this.study.id));
    }
  }

  neighbour(which) {
    const id = this.study?.[which];
    if (id) go("reading", id);
    else if (which === "next") go("worklist");
  }
}

export function mount(section) {
  const room = new ReadingRoom(section);
  register("reading", section, { enter: (id) => room.enter(id), leave: () => room.leave() });
}
