// How long a second factor stays locked after failures: pure.
import type { LimitWindow } from '../../config/limit';
import { CONSECUTIVE_MAX } from '../../users/users.sql';

/** No wait reopens a second factor after a hundred failures in a row (RL-2), but Retry-After needs a number. */
const UNTIL_REOPENED_SECONDS = 86_400;

/** @param fails newest first. @returns whole seconds, at least 1 */
export function lockedForSeconds(
  { fails, consecutive }: { readonly fails: readonly Date[]; readonly consecutive: number },
  windows: readonly LimitWindow[],
  now: Date,
): number {
  if (consecutive >= CONSECUTIVE_MAX) return UNTIL_REOPENED_SECONDS;
  const waits = windows.map(({ count, seconds }) => {
    const oldest = fails[count - 1];
    return oldest === undefined ? 0 : (oldest.getTime() - now.getTime()) / 1000 + seconds;
  });
  return Math.max(1, Math.ceil(Math.max(0, ...waits)));
}
