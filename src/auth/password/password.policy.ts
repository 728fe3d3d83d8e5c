// Which passwords may be chosen (security.md 5.1, A50, A51; NIST PV-1, PV-2, PV-9; ASVS 6.2). Pure.
// Any well-formed text is allowed, without rules of composition, trimming or change of case. A word is refused only when it is the whole password.
// NFKC and case folding serve this comparison only; they never change what is hashed.
import { codePoints } from '../../platform/text/code-points';

export interface PasswordRules {
  /** Code points. */
  readonly minLength: number;
  /** Words that belong to this server or person, in any case: the product's name, its host. */
  readonly contextWords: readonly string[];
  /** Digits of the person's phone, with and without country calling code. */
  readonly phoneDigits: readonly string[];
  /** Called with a folded password. */
  readonly isCommon: (folded: string) => boolean;
}

export type PasswordFault = 'ill_formed' | 'too_short' | 'too_long' | 'blocklisted';

/** At most 512 bytes of UTF-8, so the limit of 1024 bytes (5.1) needs no check of its own. */
const MAX_CODE_POINTS = 128;

/** @returns undefined when the password may be used */
export function faultOf(password: string, rules: PasswordRules): PasswordFault | undefined {
  if (!password.isWellFormed() || password.includes('\0')) return 'ill_formed';
  const length = codePoints(password);
  if (length > MAX_CODE_POINTS) return 'too_long';
  const folded = fold(password);
  // Before the length: a name or a number is a bad password at any length, and the person is helped more by that answer.
  if (rules.contextWords.some((word) => fold(word) === folded) || isOwnNumber(folded, rules.phoneDigits)) {
    return 'blocklisted';
  }
  if (length < rules.minLength) return 'too_short';
  return rules.isCommon(folded) ? 'blocklisted' : undefined;
}

/** Gives all ways to write a text one form, for comparison only. Upper before lower case, because lower case alone keeps some letters apart. */
export function fold(text: string): string {
  return text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

function isOwnNumber(folded: string, phoneDigits: readonly string[]): boolean {
  const bare = folded.replace(/[ +().-]/g, '').replace(/^0+/, '');
  return bare !== '' && phoneDigits.includes(bare);
}
