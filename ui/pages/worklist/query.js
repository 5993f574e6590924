// Which list the reader works through: filters and order, kept for this tab, so that "next" means the next of it.
const KEY = "lmrrg:worklist";
const FIRST = { order: "needs_eye", status: "", site: "", reader: "", finding: "", confidence_below: "", disagreement: "", claimed: "", search: "" };

export function wanted() {
  try {
    return { ...FIRST, ...JSON.parse(sessionStorage.getItem(KEY) ?? "{}") };
  } catch {
    return { ...FIRST };
  }
}

export function want(changes) {
  const now = { ...wanted(), ...changes };
  sessionStorage.setItem(KEY, JSON.stringify(now));
  return now;
}

export const unfiltered = () => want({ ...FIRST, order: wanted().order });
export const filtered = (now = wanted()) => Object.keys(FIRST).some((name) => name !== "order" && now[name] !== "");
