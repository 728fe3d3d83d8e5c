/** How many characters a text has, as people and PostgreSQL count them: a surrogate pair is one. */
export function codePoints(text: string): number {
  return [...text].length;
}
