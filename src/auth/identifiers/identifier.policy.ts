// The name that somebody types for their account when they log in or have forgotten the password. A text that is neither a phone nor an address is
// looked up like any other, and not found (A54, A85).
import { canonicalEmail } from '../../platform/email/email-address';

export interface Identifier {
  readonly kind: 'phone' | 'email';
  /** The canonical form, or the text itself where there is none. Failures are counted for it. */
  readonly text: string;
  /** What is looked up in the database. */
  readonly lookup: string;
}

/** Looked up instead of a text that the database cannot store (NUL, A85); no account has it. */
const NOBODY = '';

/** @param phoneIn finds the number in a text, in the form in which numbers are stored */
export function identify(text: string, phoneIn: (text: string) => string | undefined): Identifier {
  if (text.includes('@')) {
    const email = canonicalEmail(text);
    return { kind: 'email', text: email ?? text.trim().toLowerCase(), lookup: email ?? NOBODY };
  }
  const phone = phoneIn(text);
  return { kind: 'phone', text: phone ?? text, lookup: phone ?? NOBODY };
}
