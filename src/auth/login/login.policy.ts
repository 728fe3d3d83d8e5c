// The soft lock of an identifier: pure. A wrong password costs time, never the account (A74).
import type { LimitWindow } from '../../config/limit';

/**
 * Whether passwords for this identifier are evaluated now.
 * @param failures consecutive wrong passwords; @param window free failures and the longest delay, or undefined when off
 */
export function isDelayed(
  failures: number,
  lastFailureAt: Date | null,
  now: Date,
  window: LimitWindow | undefined,
): boolean {
  if (window === undefined || lastFailureAt === null || failures < window.count) return false;
  const delaySeconds = Math.min(window.seconds, 2 ** Math.min(failures - window.count, 30));
  return now.getTime() < lastFailureAt.getTime() + delaySeconds * 1000;
}
