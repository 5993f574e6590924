// Ours, not jsdiff's: what we use of it, so that the type check does not read the library.
export interface Piece { value: string; added?: boolean; removed?: boolean; count: number }
export function diffWordsWithSpace(before: string, after: string): Piece[];
