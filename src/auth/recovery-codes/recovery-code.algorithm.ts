// Recovery codes: 80 random bits each, as 16 characters of base32 in groups of four, to be written on paper (security.md 5.2; NIST
// SP 800-63B-4 wants 64 bits of a saved one). What is kept of a code is its salted hash only.
import { Secret } from 'otpauth';
import type { Random } from '../../platform/random/random';

const CODE_BYTES = 10;
/** Codes of one set. */
const CODES = 10;
/** With fewer left a new set is offered (NIST SRC-5). */
export const FEW = 3;

/** @returns a whole set, each as it is shown */
export function newRecoveryCodes(random: Random): string[] {
  return Array.from({ length: CODES }, () => {
    const { base32 } = new Secret({ buffer: new Uint8Array(random.bytes(CODE_BYTES)).buffer });
    return (base32.match(/.{4}/g) ?? []).join('-');
  });
}

/** The one text of a code, however its groups were written. */
export function canonicalRecoveryCode(code: string): string {
  return code.replaceAll('-', '');
}
