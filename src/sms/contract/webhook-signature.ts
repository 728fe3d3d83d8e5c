// What the readers of receipts share: reading and comparing signatures, and the age of what was signed.
import { timingSafeEqual } from 'node:crypto';
import { REPLAY_WINDOW_SECONDS } from './receipt';

/** Constant time for values of one length; the length of a MAC is no secret. */
export function isSame(expected: Buffer, given: Buffer): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** Standard base64, padded, nothing around it: Buffer.from alone reads what no vendor would write. */
export function fromBase64(text: string | undefined): Buffer | undefined {
  return text !== undefined && /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)
    ? Buffer.from(text, 'base64')
    : undefined;
}

/** @param unixSeconds as signed. @returns whether it lies within the replay window around now */
export function isFresh(unixSeconds: number, now: Date): boolean {
  return Math.abs(now.getTime() / 1000 - unixSeconds) <= REPLAY_WINDOW_SECONDS;
}
