// What a person means when they paste a code: the code alone, whatever stands around it and in whatever digits it is written.

/**
 * Of a pasted message the code in it, also in Arabic or Devanagari digits; of anything else its digits.
 * @param length that the code is told to have, for messages with other digits as well; null where it is not known. A hint: another vendor's
 * code may be longer or shorter
 */
export function digitsOf(typed: string, length: number | null = null): string {
  const latin = typed.replace(/\p{Nd}/gu, (digit) => String(valueOf(digit)));
  if (!/\p{L}/u.test(latin)) return latin.replace(/\D/g, '');
  const runs = latin.match(/(?<!\d)\d{4,10}(?!\d)/g) ?? [];
  return runs.find((run) => run.length === length) ?? runs[0] ?? '';
}

/** Unicode's decimal digits come in runs of ten that begin at zero. */
function valueOf(digit: string): number {
  let zero = digit.codePointAt(0) ?? 0;
  const own = zero;
  while (own - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return own - zero;
}
