// What a person means when they paste a code: the code alone, whatever stands around it and in whatever digits it is written.

/** Of a pasted message the code in it, also in Arabic or Devanagari digits; of anything else its digits. */
export function digitsOf(typed: string): string {
  const latin = typed.replace(/\p{Nd}/gu, (digit) => String(valueOf(digit)));
  if (!/\p{L}/u.test(latin)) return latin.replace(/\D/g, '');
  return /(?<!\d)\d{4,10}(?!\d)/.exec(latin)?.[0] ?? '';
}

/** Unicode's decimal digits come in runs of ten that begin at zero. */
function valueOf(digit: string): number {
  let zero = digit.codePointAt(0) ?? 0;
  const own = zero;
  while (own - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return own - zero;
}
