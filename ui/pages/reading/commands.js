// Every key of the reading room. Signing is asked for by Ctrl+Enter, never by Enter alone.
import { listen, showKeys } from "../../kit/keys.js";
import { ERROR_CATEGORIES } from "../../words/vocabulary.js";

const PAN = 60; // CSS pixels

function commandsOf(room) {
  const { film, cards } = room;
  const onPinned = (act) => () => { if (cards.pinned !== null) act(cards.pinned); };
  const one = (keys, shown, group, what, run, more = {}) => ({ keys, shown, group, what, run, ...more });
  const image = (...rest) => one(rest[0], rest[1], "Image", rest[2], rest[3], rest[4]);
  const sentence = (...rest) => one(rest[0], rest[1], "Sentence", rest[2], rest[3], rest[4]);
  const report = (...rest) => one(rest[0], rest[1], "Report and study", rest[2], rest[3], rest[4]);
  const region = (...rest) => one(rest[0], rest[1], "Region", rest[2], rest[3], rest[4]);
  const nudge = (key, x, y) => [
    region([`Alt+Arrow${key}`], "", "", () => film.boxes.nudge(x, y)), region([`Alt+Shift+Arrow${key}`], "", "", () => film.boxes.nudge(x, y, { size: true })),
  ];
  return [
    image(["I"], "I", "invert", () => film.viewer.invert()),
    image(["R"], "R", "reset window, zoom and place", () => film.viewer.reset()),
    image(["W"], "W", "next window preset", () => film.viewer.nextPreset(1)),
    image(["Shift+W"], "Shift+W", "the preset before", () => film.viewer.nextPreset(-1)),
    ...["7", "8", "9", "0"].map((key, index) => image([key], index ? "" : "7 8 9 0", "the first to fourth preset", () => film.viewer.preset(index))),
    image(["M"], "M", "magnifier", () => room.film.toggleLens()),
    image(["Q"], "Q", "measure a distance, and end it", () => film.toggleRuler()),
    image(["+", "="], "+", "zoom in (or the wheel)", () => film.viewer.zoomBy(1.25)),
    image(["-"], "−", "zoom out", () => film.viewer.zoomBy(0.8)),
    image(["Shift+ArrowLeft"], "Shift+arrows", "move the image", () => film.viewer.panBy(PAN, 0)),
    image(["Shift+ArrowRight"], "", "", () => film.viewer.panBy(-PAN, 0)),
    image(["Shift+ArrowUp"], "", "", () => film.viewer.panBy(0, PAN)),
    image(["Shift+ArrowDown"], "", "", () => film.viewer.panBy(0, -PAN)),
    image(["ArrowLeft"], "← →", "less, more contrast", () => film.viewer.nudgeWindow(0, -2)),
    image(["ArrowRight"], "", "", () => film.viewer.nudgeWindow(0, 2)),
    image([";"], "; '", "darker, brighter", () => film.viewer.nudgeWindow(-2, 0)),
    image(["'"], "", "", () => film.viewer.nudgeWindow(2, 0)),
    image(["H"], "H", "heat map while held", () => film.evidence.hold("heat"), { release: () => film.evidence.hold(null) }),
    image(["G"], "G", "second opinion's map while held", () => film.evidence.hold("gradcam"), { release: () => film.evidence.hold(null) }),
    image(["["], "[ ]", "fainter, stronger map", () => film.setOpacity(film.overlay.opacity - 0.1)),
    image(["]"], "", "", () => film.setOpacity(film.overlay.opacity + 0.1)),
    image(["P"], "P", "prior study beside this one", () => film.togglePrior()),
    image(["Shift+V", "PageDown"], "Shift+V", "next image of the study (or Page Down)", () => film.stepImage(1)),
    image(["PageUp"], "Page↑", "the image before", () => film.stepImage(-1)),
    image(["Shift+B"], "Shift+B", "images side by side, or one large", () => film.toggleBeside()),
    image(["Shift+L"], "Shift+L", "one zoom for all images, or each its own", () => film.toggleLinked()),
    image(["V"], "V", "what the file says (tags)", () => room.pointing.showTags()),

    region(["B"], "B", "all regions, on and off", () => film.toggleBoxes()),
    region(["."], ", .", "the region before, the next", () => film.stepRegion(1)),
    region([","], "", "", () => film.stepRegion(-1)),
    region(["D"], "D", "draw a box", () => film.startDrawing()),
    region(["S"], "S", "draft a sentence for the region", () => room.writing.writeForRegion()),
    region(["Backspace"], "Backspace", "take the region's box away", () => { if (film.overlay.chosen) film.boxes.remove(film.overlay.chosen); }),
    region(["Shift+D"], "Shift+D", "back to the model's box", () => { if (film.overlay.chosen) film.boxes.restore(film.overlay.chosen); }),
    ...nudge("Left", -1, 0), ...nudge("Right", 1, 0), ...nudge("Up", 0, -1), ...nudge("Down", 0, 1),
    region([], "Alt+arrows", "move the box by a pixel; Shift: its size", () => {}),

    sentence(["J", "ArrowDown"], "J ↓", "next sentence", () => cards.step(1)),
    sentence(["K", "ArrowUp"], "K ↑", "the sentence before", () => cards.step(-1)),
    sentence(["A"], "A", "accept", onPinned((index) => cards.accept(index))),
    sentence(["Shift+A"], "Shift+A", "accept all that are not flagged", () => cards.acceptRest()),
    sentence(["E"], "E", "edit; Enter or Esc ends it", onPinned((index) => cards.edit(index))),
    sentence(["O"], "O", "write a sentence below", () => room.writing.insert(1)),
    sentence(["Shift+O"], "Shift+O", "write a sentence above", () => room.writing.insert(0)),
    sentence(["X", "Delete"], "X Del", "delete", onPinned((index) => cards.remove(index))),
    sentence(["U"], "U", "back to the draft's words", onPinned((index) => cards.restore(index))),
    sentence(["Shift+J"], "Shift+J", "move down", onPinned((index) => cards.move(index, 1))),
    sentence(["Shift+K"], "Shift+K", "move up", onPinned((index) => cards.move(index, -1))),
    ...ERROR_CATEGORIES.flatMap((category, index) => [
      sentence([String(index + 1)], String(index + 1), `error: ${category}`, onPinned((at) => cards.mark(at, category, false))),
      sentence([`Shift+${index + 1}`], "", "", onPinned((at) => cards.mark(at, category, true))),
    ]),
    sentence([], "Shift+1…6", "the same error, significant", () => {}),
    sentence(["Y"], "Y", "confirm the suggested errors", onPinned((index) => cards.confirm(index))),
    sentence(["Ctrl+Z", "Z"], "Z Ctrl+Z", "undo", () => cards.undo()),

    report(["T"], "T", "cards, text, differences", () => room.panel.nextView()),
    report(["F"], "F", "add or remove a finding", () => room.writing.showFindings()),
    report(["Shift+I"], "Shift+I", "impression from the findings", () => room.writing.draftImpression()),
    report(["Shift+M"], "Shift+M", "your macros", () => room.macros.edit()),
    report(["L"], "L", "claim the study, or release it", () => room.place.toggleClaim()),
    report(["N"], "N", "next study", () => room.place.next()),
    report(["Shift+N"], "Shift+N", "the study before", () => room.place.previous()),
    report(["C"], "C", "compare two drafts", () => { if (room.study) location.hash = `#/compare/${room.study.id}`; }),
    report(["Ctrl+S"], "Ctrl+S", "save now", () => room.save(), { anywhere: true }),
    report(["Ctrl+Enter"], "Ctrl+Enter", "sign, after a question", () => room.signing.sign(), { anywhere: true }),
    report(["Escape"], "Esc", "let go of region, sentence, drawing", () => room.pointing.letGo()),
    report(["?"], "?", "this list", () => room.showKeys()),
  ];
}

export function listenToKeys(room) {
  const commands = commandsOf(room);
  room.showKeys = () => showKeys("Keys of the reading room", commands);
  listen(() => room.here && room.study, commands);
}
