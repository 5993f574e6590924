// The reading room's keys: silent while a text field or a dialog has the focus. Ctrl+Enter only asks to sign.
import { ask } from "./dialog.js";
import { h, typing } from "./dom.js";

const LIST = [
  ["I", "invert"], ["R or 0", "reset window, zoom and place"], ["1 – 4", "window presets"], ["H", "heat of the whole report"],
  ["B", "all region boxes"], ["drag", "window and level"], ["wheel", "zoom at the pointer"], ["Shift-, Space- or right-drag", "move the image"],
  ["J  K", "next, previous sentence"], ["A", "accept the sentence"], ["E", "edit the sentence"], ["O", "add a sentence below"],
  ["Del", "delete the sentence"], ["N  P", "next, previous study"], ["C", "compare two drafts"], ["Ctrl+S", "save"],
  ["Ctrl+Enter", "sign, after a question"], ["Esc", "let go of the sentence"],
];

export function listenToKeys(room) {
  const { film, cards } = room;
  const onPinned = (act) => () => { if (cards.pinned !== null) act(cards.pinned); };
  const keys = {
    i: () => film.viewer.invert(), r: () => film.viewer.reset(), 0: () => film.viewer.reset(),
    1: () => film.viewer.preset(0), 2: () => film.viewer.preset(1), 3: () => film.viewer.preset(2), 4: () => film.viewer.preset(3),
    h: () => film.toggleMap(), b: () => film.toggleBoxes(), j: () => cards.step(1), k: () => cards.step(-1),
    a: onPinned((index) => cards.accept(index)), e: onPinned((index) => cards.edit(index)),
    o: () => cards.add(cards.pinned === null ? cards.sentences.length : cards.pinned + 1),
    delete: onPinned((index) => cards.remove(index)), n: () => room.neighbour("next"), p: () => room.neighbour("previous"),
    c: () => { if (room.study) location.hash = `#/compare/${room.study.id}`; },
    escape: () => { if (cards.pinned !== null) cards.pin(cards.pinned); film.choose(null); cards.light(null); },
    "?": () => room.showKeys(),
  };
  room.showKeys = () => ask({
    title: "Keys of the reading room",
    body: h("div", { class: "keys-list" }, LIST.flatMap(([key, what]) => [h("kbd", {}, key), h("span", {}, what)])),
    actions: [{ label: "Close", value: null }],
  });
  window.addEventListener("keydown", (event) => {
    if (!room.here || document.querySelector("dialog[open]")) return;
    const held = event.ctrlKey || event.metaKey;
    if (held && event.key === "Enter") {
      event.preventDefault();
      room.sign();
    } else if (held && event.key.toLowerCase() === "s") {
      event.preventDefault();
      room.save();
    } else if (!held && !event.altKey && !typing(event)) {
      const act = keys[event.key.toLowerCase()];
      if (act && room.study) {
        event.preventDefault();
        act();
      }
    }
  });
}
