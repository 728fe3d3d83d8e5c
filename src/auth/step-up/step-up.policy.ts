// Whether a session counts as freshly proved (security.md 5.5, A100; NIST AT-1: having a token does not prove that the person is there). Pure.
import { after, secondsUntil } from '../../platform/time/seconds';
import type { Actor } from '../../platform/request/actor';

/** Seconds since both factors were proved (claim auth_time). */
export const FRESH_SECONDS = 600;

/** A session that was begun on a trusted device, without a code, is not fresh, however young it is. */
export function isFresh({ authenticatedAt, amr }: Pick<Actor, 'authenticatedAt' | 'amr'>, now: Date): boolean {
  const age = now.getTime() - authenticatedAt.getTime();
  return age <= FRESH_SECONDS * 1000 && amr.includes('mfa') && !amr.includes('td');
}

/** Whole seconds until a person may change their account after a reset by SMS alone; 0 when they may now. */
export function heldForSeconds(recoveredAt: Date | null, holdHours: number, now: Date): number {
  if (recoveredAt === null) return 0;
  return secondsUntil(after(recoveredAt, holdHours * 3600), now);
}
