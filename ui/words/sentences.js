// Where one sentence of a report ends and the next begins: lmrrg/sentences.py in the page's language. What a rule is for
// is said there; tests/sentences.json holds both to one answer. Pure.

const words = (text) => new Set(text.trim().split(/\s+/));
const SHORT = words(`dr drs mr mrs ms prof st vs approx appr ca cf e.g i.e eg ie resp incl viz`);
const SHORT_WITHIN = words(`est lat ant sup bilat bil mod rt lt sq neg pos abn wk wks mo mos yr yrs hr hrs eff min max`);
const GOES_ON = words(`a an the no not nor or and but with without of in on at to by for from is are was were has have been be which that
  as than due possible possibly probable probably likely suspected new small mild moderate large severe minimal right
  left bilateral both upper lower mid there this these its into over under near within along between versus vs`);
const BEFORE_A_NUMBER = words("no nos fig figs");
const FULL_LINE = 60;

// White space as Python has it, which is another set than JavaScript's \s.
const S = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const END = new RegExp(`[.!?]+["')\\]]*(?:(?=[${S}]|$)|(?<=[a-z)]\\.)(?=[A-Z][a-z]))|\\n[${S}]*`, "gu");
const BEFORE_AN_INITIAL = new RegExp(`(?:^|\\b(?:[Bb]y|[Ff]rom|[Dd]rs?\\.?|Prof\\.?|M[rs]s?\\.?|[A-Z]\\.)[${S}])[${S}]*[A-Z]\\.$`, "u");
const A_NAME = new RegExp(`^[${S}]+(?:[A-Z]\\.[${S}]*)*[A-Z][a-z]`, "u");
const LAST_WORD = /([\p{L}\p{N}](?:[\p{L}\p{N}]|\.(?=[\p{L}\p{N}]))*)\.$/u;
const LIST_NUMBER = new RegExp(`(?:^|[\\n.!?:;][${S}]*|[${S}]{2})\\(?[1-9]\\p{Nd}?\\.$`, "u");
const ANSWER = new RegExp(`^[${S}]+(?:yes|no|none|nil|neg|negative)\\b`, "iu");
const BEGINS_ANEW = new RegExp(`^(?:(?:[-*•–☐☑☒]|\\[[ xX]?\\]|\\(?\\p{Nd}{1,2}[.)])[${S}]|\\p{L}[\\p{L}\\p{N}_ /()\\-]{0,40}:)`, "u");
const OPENING = /^["'([]*/;
const LEADING = new RegExp(`^[${S}]+`, "u");
const TRAILING = new RegExp(`[${S}]+$`, "u");
const BLANK = new RegExp(`[${S}]+`, "u");
const AT_LINE_END = new RegExp(`^[${S}]*(?:\\n|$)`, "u");
const SMALL_LETTER = new RegExp(`^[${S}]+[a-z]`, "u");
const A_NUMBER = new RegExp(`^[${S}]*\\p{Nd}`, "u");

function stopEnds(text, start, stop, end) {
  if (stop[0] === "?") return !ANSWER.test(text.slice(end, end + 40));
  if (stop !== ".") return true;
  const before = text.slice(Math.max(start, end - 12), end);
  if (LIST_NUMBER.test(end - 12 > start ? `x${before}` : `\n${before}`)) return false;
  const word = LAST_WORD.exec(before);
  if (word === null) return true;
  const short = word[1].toLowerCase();
  const following = text.slice(end, end + 8);
  if (SHORT.has(short)) return AT_LINE_END.test(following);
  if (SHORT_WITHIN.has(short)) return !SMALL_LETTER.test(following);
  if (BEFORE_A_NUMBER.has(short)) return !A_NUMBER.test(following);
  return !([...short].length === 1 && BEFORE_AN_INITIAL.test(before) && A_NAME.test(text.slice(end, end + 20)));
}

function lineEnds(text, start, at, end) {
  if (text.slice(at, end).split("\n").length > 2) return true;
  const line = text.slice(Math.max(start, at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1), at).replace(TRAILING, "");
  const following = text.slice(end, end + 64);
  if (!line || !following || ":;.!?".includes(line.at(-1)) || BEGINS_ANEW.test(following)) return true;
  const begins = following.slice(OPENING.exec(following)[0].length)[0] ?? "";
  if (/\p{Ll}/u.test(begins) || ",-–/(".includes(line.at(-1))) return false;
  return !GOES_ON.has(line.split(BLANK).at(-1).toLowerCase()) && line.length < FULL_LINE;
}

/**
 * The sentences of a text in order, each with the white space that stood before it.
 * @param {string} text @returns {{gap: string, text: string}[]}
 */
export function sentencesOf(text) {
  const found = [];
  let start = 0;
  let written = 0; // where the last sentence ended
  const keep = (last) => {
    const piece = text.slice(start, last);
    const sentence = piece.replace(LEADING, "");
    const first = last - sentence.length;
    const bare = sentence.replace(TRAILING, "");
    if (!bare) return;
    found.push({ gap: text.slice(written, first), text: bare });
    written = first + bare.length;
  };
  for (const match of text.matchAll(END)) {
    const [at, end] = [match.index, match.index + match[0].length];
    const broken = match[0].includes("\n");
    if (!(broken ? lineEnds(text, start, at, end) : stopEnds(text, start, match[0], end))) continue;
    keep(broken ? at : end);
    start = end;
  }
  keep(text.length);
  return found;
}
