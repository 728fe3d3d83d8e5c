// The code of a challenge: derived from the token's digest under a key of the ring, never stored (design D3, protocol.md 2).
// It leaves this file in two ways only: inside a composed text, or as the boolean of a comparison.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ChallengeToken } from './otp.types';

export const OTP_KEY_INFO = 'latchkey/otp/v1';

interface CodeInput extends Pick<ChallengeToken, 'codeLength' | 'digest'> {
  readonly purpose: string;
}

/** What the code by mail of a challenge is derived from: where another goes by message, it is another one. */
export function mailedCode({ purpose, codeLength, digest }: ChallengeToken): CodeInput {
  return { purpose: purpose === 'reset' ? 'reset/email' : purpose, codeLength, digest };
}

/** @param key otpKey[kid], 32 bytes. The bias of 2^256 mod 10^10 is below 2^-222, so there is no rejection loop. */
export function deriveCode(key: Buffer, { purpose, codeLength, digest }: CodeInput): string {
  const mac = createHmac('sha256', key)
    .update(lengthPrefixed(OTP_KEY_INFO))
    .update(lengthPrefixed(purpose))
    .update(Buffer.of(codeLength))
    .update(digest)
    .digest('hex');
  return (BigInt(`0x${mac}`) % 10n ** BigInt(codeLength)).toString().padStart(codeLength, '0');
}

/** Constant-time; a code of another length never matches. */
export function codeMatches(key: Buffer, challenge: CodeInput, code: string): boolean {
  const expected = Buffer.from(deriveCode(key, challenge));
  const presented = Buffer.from(code);
  return presented.length === expected.length && timingSafeEqual(presented, expected);
}

function lengthPrefixed(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}
