// Ours, not preact's: what we use of it, so that the type check does not read the library.
export function html(strings: TemplateStringsArray, ...values: unknown[]): unknown;
export function render(view: unknown, host: Element): void;
