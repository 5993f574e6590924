// Ours, not jsdiff's: what we use of it, so that the type check does not read the library.
export interface Run<T> { value: T[]; added?: boolean; removed?: boolean; count: number }
export function diffArrays<T>(before: T[], after: T[], options?: { comparator?: (one: T, other: T) => boolean }): Run<T>[];
