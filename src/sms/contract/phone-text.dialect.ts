// What a person reads off a message on the simulated phone: for every dialect that carries a text it did not make.

/** @returns the code of the WebOTP line, else the first 4 to 10 digits that stand alone, else null. */
export function codeIn(text: string): string | null {
  return /#(\d{4,10})\s*$/.exec(text)?.[1] ?? /(?<![\d+])\d{4,10}(?!\d)/.exec(text)?.[0] ?? null;
}
