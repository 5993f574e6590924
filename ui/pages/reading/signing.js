// Putting a name to the report: signing, amending what was signed, giving an amendment up. Each is asked for first.
import { ask, tell } from "../../kit/dialog.js";
import { h, studyNumber } from "../../kit/dom.js";
import { textOf } from "../../words/report_text.js";
import { server } from "../../kit/server.js";
import { confirmSigning } from "./sign_dialog.js";

export class Signing {
  constructor(room) {
    this.room = room;
  }

  async sign() {
    if (!this.room.draft || this.room.readOnly) return;
    this.room.leaveFields();
    const { reader, author, amending } = this.room;
    const text = textOf(this.room.cards.sentences, this.room.heads);
    const agreed = await confirmSigning({
      sentences: this.room.cards.sentences, text, reader, author, amending, study: `study ${studyNumber(this.room.study.id)}`,
      abbreviations: this.room.macros.left(text),
    });
    if (!agreed) return;
    try {
      await this.room.save();
      if (this.room.keeper.latest || !this.room.reading) {
        const when = this.room.keeper.state.kind === "ended" ? "after signing in again" : "when the server answers again";
        await tell("Not signed", `The report could not be saved first, so it was not signed. Your text is kept on this computer; sign ${when}.`);
        return;
      }
      const more = { revision: this.room.keeper.revision, active_seconds: this.room.activity.total, ...(agreed.agreement ? { agreement: agreed.agreement } : {}) };
      if (amending) {
        const { text: amended, sentences } = this.room.content();
        await server.amend(this.room.reading.id, { ...more, text: amended, sentences });
        this.room.keeper.forget();
      } else await server.sign(this.room.reading.id, more);
      await this.room.enter(this.room.study.id);
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
    if (sure) this.beginAmending(this.room.reading);
  }

  beginAmending({ text, sentences }) {
    this.room.amending = true;
    this.room.show(this.room.draft, { ...this.room.reading, text, sentences, amendment: null });
  }

  async dropAmendment() {
    try {
      this.room.keeper.forget();
      await server.discardAmendment(this.room.reading.id, this.room.keeper.revision);
      this.room.enter(this.room.study.id);
    } catch (error) {
      tell("The changes were not dropped", error.message);
    }
  }
}
