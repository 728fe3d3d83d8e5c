// Which passwords may be chosen (security.md 5.1, A50, A51; NIST PV-1, PV-2, PV-9; ASVS 6.2). Pure.
// Any well-formed text is allowed: no composition rules, no trimming, no change of case. A word is refused only when it is
// the whole password; NFKC and case folding are for this comparison and never for what is hashed.
export interface PasswordRules {
  /** Code points. */
  readonly minLength: number;
  /** Words of this place and person, in any case: the product's name, its host. */
  readonly contextWords: readonly string[];
  /** Digits of the person's phone, with and without country calling code. */
  readonly phoneDigits: readonly string[];
  /** Asked with a folded password. */
  readonly isCommon: (folded: string) => boolean;
}

export type PasswordFault = 'ill_formed' | 'too_short' | 'too_long' | 'blocklisted';

/** At most 512 bytes of UTF-8, so the 1024 bytes of 5.1 need no check of their own. */
const MAX_CODE_POINTS = 128;

/** @returns undefined for a password that may be used. */
export function faultOf(password: string, rules: PasswordRules): PasswordFault | undefined {
  if (!password.isWellFormed() || password.includes('\0')) return 'ill_formed';
  const length = codePoints(password);
  if (length > MAX_CODE_POINTS) return 'too_long';
  const folded = fold(password);
  // Before the length: a name or a number is a bad idea at any length, and that is the more helpful answer.
  if (rules.contextWords.some((word) => fold(word) === folded) || isOwnNumber(folded, rules.phoneDigits)) {
    return 'blocklisted';
  }
  if (length < rules.minLength) return 'too_short';
  return rules.isCommon(folded) ? 'blocklisted' : undefined;
}

/** One form for all ways to write a text, for comparison only. Upper before lower case folds what lower case alone keeps apart. */
export function fold(text: string): string {
  return text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

export function codePoints(text: string): number {
  return [...text].length;
}

function isOwnNumber(folded: string, phoneDigits: readonly string[]): boolean {
  const bare = folded.replace(/[ +().-]/g, '').replace(/^0+/, '');
  return bare !== '' && phoneDigits.includes(bare);
}
