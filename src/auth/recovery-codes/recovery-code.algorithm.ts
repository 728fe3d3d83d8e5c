// Recovery codes: 80 random bits each, written as 16 characters of base32 in groups of four, to be kept on paper (security.md 5.2; NIST SP 800-63B-4
// demands 64 bits). Only a salted hash of each is kept.
import { Secret } from 'otpauth';
import type { Random } from '../../platform/random/random';

const CODE_BYTES = 10;
/** Codes of one set. */
const CODES = 10;
/** When fewer codes are left, a new set is offered (NIST SRC-5). */
export const FEW = 3;

/** @returns a whole set, in the form that is shown */
export function newRecoveryCodes(random: Random): string[] {
  return Array.from({ length: CODES }, () => {
    const { base32 } = new Secret({ buffer: new Uint8Array(random.bytes(CODE_BYTES)).buffer });
    return (base32.match(/.{4}/g) ?? []).join('-');
  });
}

/** One form for a code, however its groups were typed. */
export function canonicalRecoveryCode(code: string): string {
  return code.replaceAll('-', '');
}
