// Where the study stands: who has claimed it, which comes next and which was open before, and what the bar says of all
// that. Knows nothing about reports.
import { tell } from "../../kit/dialog.js";
import { h, studyNumber } from "../../kit/dom.js";
import { server } from "../../kit/server.js";
import { announce } from "../../kit/session.js";
import { go } from "../../shell/router.js";
import { imagesOf, viewsOf } from "../../viewer/images.js";
import { fetchAhead } from "../../viewer/pixel_store.js";
import { wanted } from "../worklist/query.js";
import { savedChip } from "./keeping/saved_chip.js";

export class Place {
  constructor(room) {
    this.room = room;
    this.trail = []; // studies that were open before this one
    this.leave();
  }

  // From one study straight to another, which is a step of the trail.
  step(from, to) {
    if (from && from !== to) this.trail.push(from);
  }

  enter(study, held) {
    this.claimedBy = held.claimed_by ?? study.claimed_by ?? null;
  }

  leave() {
    this.claimedBy = null;
    this.nextId = undefined;
  }

  // Says it in the bar.
  tell() {
    const { study, reader, keeper, reading, amending, here } = this.room;
    if (!study || !here) return;
    const parts = [study.site && `site ${study.site}`, viewsOf(study), study.origin === "phantom" ? "phantom" : null, study.prior ? "prior" : null].filter(Boolean).join(" · ");
    announce({
      where: [h("b", {}, `Study ${studyNumber(study.id)}`), parts && ` · ${parts}`],
      chips: [study.position ? h("span", { class: "chip number" }, `${study.position} of ${study.total}`) : null, this.#claimChip(reader), savedChip(keeper?.state, reading, amending)],
    });
  }

  #claimChip(reader) {
    const { claimedBy } = this;
    const mine = claimedBy?.id === reader.id;
    return h("button", {
      type: "button", class: `chip ${mine ? "blue" : claimedBy ? "amber" : ""}`, "data-claim": claimedBy?.name ?? "", onclick: () => this.toggleClaim(),
      title: mine ? "Release the study (L)" : claimedBy ? `${claimedBy.name} has claimed this study` : "Claim the study (L)",
    }, mine ? "yours" : claimedBy ? `${claimedBy.name}'s` : "claim");
  }

  async toggleClaim() {
    const { study, reader } = this.room;
    try {
      this.claimedBy = (await (this.claimedBy?.id === reader.id ? server.release(study.id) : server.claim(study.id))).claimed_by;
    } catch (error) {
      if (error.body?.claimed_by) this.claimedBy = error.body.claimed_by;
      tell("The study was not claimed", error.message);
    }
    this.tell();
  }

  // Asks which study comes next, and fetches its first image ahead.
  async lookAhead() {
    const { study } = this.room;
    try {
      const { id } = await server.next(study.id, wanted());
      if (study !== this.room.study) return; // the reader has gone on meanwhile
      this.nextId = id;
      if (id) fetchAhead(imagesOf(await server.study(id))[0]);
    } catch {
      if (study === this.room.study) this.nextId = undefined;
    }
  }

  async next() {
    const { study } = this.room;
    if (!study) return;
    if (this.nextId === undefined) await this.lookAhead();
    if (study !== this.room.study) return;
    const id = this.nextId === undefined ? study.next : this.nextId;
    this.nextId = undefined;
    if (id) go("reading", id);
    else go("worklist");
  }

  previous() {
    const id = this.trail.pop() ?? this.room.study?.previous;
    if (!id) return;
    go("reading", id);
    this.room.study = null; // going back is not a step of the trail
  }
}
