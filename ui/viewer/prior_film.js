// The patient's earlier study beside the one that is read; zoom and place are linked, windows are not.
// Knows no report of either.
import { get } from "../kit/api.js";
import { fill, h, studyNumber } from "../kit/dom.js";
import { readouts, warningOf } from "./readouts.js";
import { Viewer } from "./viewer.js";

function ago(days) {
  if (days === null) return "day not known";
  if (days < 1) return "the same day";
  if (days < 60) return `${days} day${days === 1 ? "" : "s"} before`;
  const months = Math.round(days / 30.44);
  return months < 24 ? `${months} months before` : `${Math.round(days / 365.25)} years before`;
}

export class PriorFilm extends EventTarget {
  constructor(leader) {
    super();
    this.leader = leader;
    this.open = false;
    this.title = h("span", {});
    this.readout = h("span", { class: "readout number" });
    this.message = h("div", { class: "film-message" });
    this.box = h("div", { class: "light-box" }, this.message);
    this.root = h("section", { class: "prior", hidden: true, "aria-label": "Prior study" }, h("div", { class: "prior-head" }, this.title, this.readout), this.box);
    this.viewer = new Viewer(this.box);
    let following = false;
    const follow = (from, to) => () => {
      if (!this.open || following || !from.pixels || !to.pixels) return;
      following = true;
      to.view = from.view;
      following = false;
    };
    leader.addEventListener("moved", follow(leader, this.viewer));
    this.viewer.addEventListener("moved", () => { follow(this.viewer, leader)(); this.#read(); });
    this.viewer.addEventListener("drawn", () => this.#read());
  }

  toggle(prior) {
    if (this.open) this.close();
    else this.#show(prior);
  }

  close() {
    this.open = false;
    this.root.hidden = true;
    this.viewer.close();
    this.dispatchEvent(new Event("shown"));
  }

  async #show(prior) {
    this.open = true;
    this.root.hidden = false;
    this.dispatchEvent(new Event("shown"));
    fill(this.title, "Prior");
    fill(this.message, h("span", { class: "spinner" }), "Fetching the prior");
    try {
      const meta = await get(`/api/studies/${prior.id}`);
      await this.viewer.open(meta);
      if (!this.open) return;
      fill(this.message);
      const warning = warningOf(meta.notices ?? []);
      fill(this.title, h("b", {}, `Prior ${studyNumber(prior.id)}`), ` · ${ago(prior.days_before)}`, warning ? h("span", { class: "inverted" }, ` · ${warning}`) : null);
      this.viewer.view = this.leader.view;
    } catch (error) {
      fill(this.message, `The prior could not be fetched. ${error.message}`);
    }
  }

  #read() {
    if (this.viewer.pixels) fill(this.readout, readouts(this.viewer, { brief: true }).left);
  }
}
