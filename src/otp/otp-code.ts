// The code of a challenge. It is derived from the token's digest under a key of the ring, and never stored (design D3, protocol.md 2). It leaves this
// file only in a composed text, or as the boolean result of a comparison.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ChallengeToken } from './otp.types';

export const OTP_KEY_INFO = 'latchkey/otp/v1';

interface CodeInput extends Pick<ChallengeToken, 'codeLength' | 'digest'> {
  readonly purpose: string;
}

/** What a mailed code is derived from. It differs from the code that goes by message, where a challenge has both. */
export function mailedCode({ purpose, codeLength, digest }: ChallengeToken): CodeInput {
  return { purpose: purpose === 'reset' ? 'reset/email' : purpose, codeLength, digest };
}

/** @param key otpKey[kid], 32 bytes. Reducing 2^256 mod 10^10 has a bias below 2^-222, so values need not be rejected and drawn anew. */
export function deriveCode(key: Buffer, { purpose, codeLength, digest }: CodeInput): string {
  const mac = createHmac('sha256', key)
    .update(lengthPrefixed(OTP_KEY_INFO))
    .update(lengthPrefixed(purpose))
    .update(Buffer.of(codeLength))
    .update(digest)
    .digest('hex');
  return (BigInt(`0x${mac}`) % 10n ** BigInt(codeLength)).toString().padStart(codeLength, '0');
}

/** Compares in constant time. A code of another length never matches. */
export function codeMatches(key: Buffer, challenge: CodeInput, code: string): boolean {
  const expected = Buffer.from(deriveCode(key, challenge));
  const presented = Buffer.from(code);
  return presented.length === expected.length && timingSafeEqual(presented, expected);
}

function lengthPrefixed(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}
