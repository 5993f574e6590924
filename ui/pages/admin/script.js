// Accounts, for administrators; what the live model is, for everyone.
import { get, post } from "../../kit/api.js";
import { ask } from "../../kit/dialog.js";
import { day, fill, h } from "../../kit/dom.js";
import { register } from "../../shell/router.js";
import { announce, me } from "../../kit/session.js";

const ROLES = [["reader", "Reader: reads and signs"], ["lead", "Lead: also trains and rolls back"], ["admin", "Administrator: also accounts"]];

class Admin {
  constructor(section) {
    this.list = h("div", {});
    this.about = h("div", {});
    this.answer = h("div", { "aria-live": "polite" });
    this.name = h("input", { type: "text", maxlength: "80", autocomplete: "off", required: true });
    this.password = h("input", { type: "password", maxlength: "200", autocomplete: "new-password", required: true });
    this.role = h("select", {}, ROLES.map(([value, label]) => h("option", { value }, label)));
    const field = (label, input) => h("label", { class: "field" }, h("span", {}, label), input);
    this.form = h("form", { class: "card", onsubmit: (event) => this.#create(event) }, h("h2", {}, "New account"), field("Name", this.name),
      field("First password (at least 8 characters)", this.password), field("Role", this.role), this.answer, h("button", { type: "submit", class: "primary" }, "Create account"));
    fill(section, h("div", { class: "inner" }, h("div", { class: "title" }, h("h1", {}, "Admin")), h("div", { class: "admin-grid" }, this.list, h("div", { class: "admin-side" }, this.form, this.about))));
  }

  async enter() {
    announce({});
    try {
      const { reader } = await me();
      this.reader = reader;
      this.form.hidden = reader.role !== "admin";
      const model = await get("/api/model");
      fill(this.about, h("section", { class: "card" }, h("h2", {}, "About the model"), h("dl", { class: "about" }, [
        ["Live", `${model.name} ${model.version}`], ["State", model.message || model.state], ...(model.folder ? [["Runs on", model.device], ["Folder", model.folder]] : []),
        ["Kind", model.demonstration ? "Demonstration, trained on synthetic radiographs. Its regions hold on real radiographs; its findings are those of phantoms. Not for clinical use." : "Trained by this site"],
      ].flatMap(([term, text]) => [h("dt", {}, term), h("dd", {}, text)]))));
      if (reader.role === "admin") await this.#load();
      else fill(this.list, h("div", { class: "empty" }, h("h1", {}, "Accounts are kept by administrators"), h("p", {}, `You are signed in as ${reader.name} (${reader.role}).`)));
    } catch (error) {
      fill(this.list, h("div", { class: "notice red" }, error.message));
    }
  }

  async #load() {
    const accounts = await get("/api/accounts");
    fill(this.list, h("section", { class: "card" }, h("h2", {}, "Accounts"), h("table", { class: "plain" },
      h("thead", {}, h("tr", {}, ["Name", "Role", "State", "Since", ""].map((label) => h("th", {}, label)))),
      h("tbody", {}, accounts.map((one) => h("tr", {}, h("td", {}, one.name), h("td", {}, one.role),
        h("td", {}, h("span", { class: `chip ${one.disabled ? "" : "green"}` }, one.disabled ? "disabled" : "active")), h("td", { class: "meta number" }, day(one.created_at)),
        h("td", { class: "r" }, one.id === this.reader.id ? h("span", { class: "meta" }, "you") : h("button", { type: "button", onclick: () => this.#switch(one) }, one.disabled ? "Enable" : "Disable"))))))));
  }

  async #switch(one) {
    if (!one.disabled) {
      const sure = await ask({ title: `Disable ${one.name}?`, body: h("p", {}, "They are signed out at once and cannot sign in again. What they signed stays, with their name."), actions: [{ label: "Keep", value: false }, { label: "Disable", value: true, kind: "primary" }] });
      if (!sure) return;
    }
    await this.#do(() => post(`/api/accounts/${one.id}/${one.disabled ? "enable" : "disable"}`));
  }

  async #create(event) {
    event.preventDefault();
    const made = await this.#do(() => post("/api/accounts", { name: this.name.value, password: this.password.value, role: this.role.value }));
    if (!made) return;
    fill(this.answer, h("p", { class: "notice blue" }, `The account “${made.name}” was created.`));
    this.form.reset();
  }

  async #do(act) {
    try {
      const answer = await act();
      fill(this.answer);
      await this.#load();
      return answer;
    } catch (error) {
      fill(this.answer, h("p", { class: "notice red", role: "alert" }, error.message));
      return null;
    }
  }
}

export function mount(section) {
  const page = new Admin(section);
  register(section, { enter: () => page.enter() });
}
