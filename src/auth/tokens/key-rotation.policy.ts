// When a signing key may take over, and how long a retired one is accepted (docs/adr/0019). Pure. Two rules are behind all of it: no token
// is signed with a key that a verifier may not have seen; and no living token is refused because of its key.
import { LEEWAY_SECONDS, MAX_TOKEN_TTL_SECONDS } from './access-token.policy';
import { after } from '../../platform/time/seconds';
import type { SigningKeyRow } from './signing-keys.store';

/** How long a verifier may use our JWKS without asking again. */
export const JWKS_MAX_AGE_SECONDS = 300;

/** An instance that has not read the keys for so long no longer signs. */
export const SIGNING_LEASE_SECONDS = 60;

/** Twice the age, because a cache between us and a verifier may count from when it got the keys; and the time that an instance may be behind. */
const PUBLISHED_SECONDS = 2 * JWKS_MAX_AGE_SECONDS + SIGNING_LEASE_SECONDS;

/** A generous bound for how far the clocks of two instances may differ. */
const CLOCK_SLACK_SECONDS = 60;

const DAY_SECONDS = 86_400;

type Current = Pick<SigningKeyRow, 'created_at' | 'activated_at'>;
type Next = Pick<SigningKeyRow, 'created_at' | 'promote_at'>;

/** @param published when the key was made. @returns from when on every verifier that obeys our Cache-Control knows it */
export function knownFrom(published: Date): Date {
  return after(published, PUBLISHED_SECONDS);
}

/** @returns since when the key signs */
export function signsSince(current: Current): Date {
  return current.activated_at ?? current.created_at;
}

/** The last token of a key is signed within the lease after the key was retired, and lives at most as long as any token may. */
export function acceptedUntil(retiredAt: Date): Date {
  return after(retiredAt, SIGNING_LEASE_SECONDS + MAX_TOKEN_TTL_SECONDS + LEEWAY_SECONDS + CLOCK_SLACK_SECONDS);
}

/** @param rotationDays 0: only when the operator has asked for it. @returns whether the next key takes over now */
export function rotationIsDue(current: Current, next: Next, now: Date, rotationDays: number): boolean {
  if (now < knownFrom(next.created_at)) return false;
  if (next.promote_at !== null && next.promote_at <= now) return true;
  return rotationDays > 0 && after(signsSince(current), rotationDays * DAY_SECONDS) <= now;
}
