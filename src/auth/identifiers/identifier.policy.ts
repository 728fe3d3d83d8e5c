// What somebody types to name their account, at login and when the password is forgotten. Free text: what is neither a phone nor an
// address is looked up all the same, and found nowhere (A54, A85).
import { canonicalEmail } from '../../platform/email/email-address';
import type { PhoneNumber } from '../../platform/phone/phone-number';

export interface Identifier {
  readonly kind: 'phone' | 'email';
  /** Canonical where it can be: what failures are counted by. */
  readonly text: string;
  /** What is looked up. */
  readonly lookup: string;
}

/** Looked up in place of what the database cannot even hold (NUL, A85); no account has it. */
const NOBODY = '';

/** @param phoneIn finds the number in a text, of whatever country */
export function identify(text: string, phoneIn: (text: string) => PhoneNumber | undefined): Identifier {
  if (text.includes('@')) {
    const email = canonicalEmail(text);
    return { kind: 'email', text: email ?? text.trim().toLowerCase(), lookup: email ?? NOBODY };
  }
  const phone = phoneIn(text)?.e164;
  return { kind: 'phone', text: phone ?? text, lookup: phone ?? NOBODY };
}
