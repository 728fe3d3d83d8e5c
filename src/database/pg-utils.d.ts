// A part of pg that its packages for other kinds of queries use. The types of pg leave it out.
declare module 'pg/lib/utils' {
  /** @returns the parameter as it is sent: text, bytes, or null */
  export function prepareValue(value: unknown): string | Buffer | null;
}
