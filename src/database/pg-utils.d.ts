// Of pg's own packages for other kinds of queries; its types leave it out.
declare module 'pg/lib/utils' {
  /** @returns how a parameter is written: text, bytes, or null */
  export function prepareValue(value: unknown): string | Buffer | null;
}
