// The bar at the top and the line at the foot: which page this is, what is saved, who is signed in, which model is
// live.
import { request } from "../kit/api.js";
import { fill, h } from "../kit/dom.js";
import { onRoute } from "./router.js";
import { me, onAnnounce, onMe, refresh } from "../kit/session.js";
import { onSessionEnd } from "../kit/session_end.js";

const REFRESH_MS = 15000;

async function signOut() {
  await request("POST", "/sign-out");
  location.assign("/sign-in");
}

// Where what was typed is on this page alone, one signs in beside it: the page goes on once there is a session again.
function sessionNotice(ended) {
  if (!ended) return null;
  const link = (label, target) => h("a", { href: ended.address, target }, label);
  return ended.kept
    ? ["Your session has ended. What you typed is kept. ", link("Sign in again", null), " when it suits you."]
    : ["Your session has ended. This page stays as it is: ", link("sign in in another tab", "_blank"), ", then go on here."];
}

export function mountBar(host) {
  const nav = host.querySelector("nav"); // its tabs come with the page: ui/pages/pages.py
  const links = [...nav.querySelectorAll("a")];
  const where = h("div", { class: "where" });
  const chips = h("div", { class: "right" });
  const who = h("div", { class: "right who" });
  fill(host, h("span", { class: "brand" }, "LM-RRG"), nav, where, chips, who);
  const ended = h("p", { class: "session-end notice", role: "status", hidden: true });
  host.append(ended);
  onSessionEnd((news) => {
    ended.hidden = news === null;
    fill(ended, sessionNotice(news));
  });
  let last = null;
  onRoute(({ name, argument }) => {
    for (const link of links) link.classList.toggle("here", link.dataset.tab === name);
    if (argument !== null) last = argument;
    for (const link of links) if ("ofAStudy" in link.dataset && last !== null) link.href = `#/${link.dataset.tab}/${last}`;
  });
  onAnnounce((state) => {
    fill(where, state.where ?? []);
    fill(chips, state.chips ?? []);
  });
  onMe(({ reader }) => {
    if (who.dataset.name === reader.name) return;
    who.dataset.name = reader.name;
    fill(who, h("details", {}, h("summary", { class: "chip" }, reader.name),
      h("div", { class: "menu" }, h("span", { class: "meta" }, `Signed in as ${reader.name} (${reader.role})`), h("button", { type: "button", onclick: signOut }, "Sign out"))));
  });
  me().catch(() => {});
  setInterval(() => { if (!document.hidden) refresh({ byClock: true }).catch(() => {}); }, REFRESH_MS);
}

export function mountFoot(host) {
  onMe(({ model, room_left_gb: room }) => {
    const demonstration = model?.demonstration ?? true;
    host.classList.toggle("demonstration", demonstration);
    fill(host,
      h("span", {}, demonstration ? "Demonstration model trained on synthetic radiographs. Not for clinical use." : "Drafts are proposals. The signed report is the reader's."),
      (room ?? null) === null ? null : h("span", { class: "chip red", "data-room": room }, `Only ${room} GB are left on the server's disk. Make room before it is full.`),
      h("span", { class: "live" }, model ? `Live model: ${model.name} ${model.version}` : "No model is live"));
  });
}
