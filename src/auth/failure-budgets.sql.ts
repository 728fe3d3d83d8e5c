// The failure budget of a number: wrong codes that were entered for it without an account, in table failure_budgets (design D4). These are the parts
// that issuing, checking and confirming such a challenge share. All of them lock the budget before the challenge (protocol.md 4).
import type { LimitWindow } from '../config/limit';
import { memoryOf, windowsOpen } from '../limits/limits.sql';

/**
 * CTE `budget`, for issuing: makes the row that the parts below lock. Reads the CTE `made` of issueChallenge. A row that retention would soon
 * delete stays (`retained`): without it no code of this challenge would be right. A younger row is not locked, as many may issue at a time.
 */
export const openBudget = `retained AS (
    UPDATE failure_budgets b SET touched_at = :now::timestamptz FROM made
     WHERE b.key = :budgetKey AND b.touched_at < :now::timestamptz - interval '1 day' RETURNING b.key
  ), budget AS (
    INSERT INTO failure_budgets (key, touched_at) SELECT :budgetKey, :now::timestamptz FROM made WHERE NOT EXISTS (SELECT FROM retained)
    ON CONFLICT (key) DO NOTHING
  )`;

/** CTE `gate`, before a code is judged: the locked budget, if it has room. Reads a CTE `k`, the challenge. */
export function lockBudgetWithRoom(windows: readonly LimitWindow[]): string {
  return `gate AS MATERIALIZED (
    SELECT b.key FROM failure_budgets b JOIN k ON b.key = k.budget_key WHERE ${windowsOpen('b.fails', windows, ':now')} FOR NO KEY UPDATE OF b
  )`;
}

/** CTE `budget`: counts a code that was not right. Reads a CTE `hit`, the challenge. */
export function countFailure(windows: readonly LimitWindow[]): string {
  return `budget AS (
    UPDATE failure_budgets b SET fails = (:now::timestamptz || b.fails)[1:${memoryOf(windows)}],
           touched_at = :now::timestamptz FROM hit WHERE b.key = hit.budget_key AND NOT hit.matched
  )`;
}

/** CTE `gate`, after the vendor has said yes: the locked budget. It needs no room, because the attempt was counted before. */
export const lockBudget = `gate AS MATERIALIZED (
    SELECT b.key FROM failure_budgets b JOIN otp_attempts k ON b.key = k.budget_key WHERE k.id = :challengeId FOR NO KEY UPDATE OF b
  )`;

/** CTE `budget`: takes back the failure that was counted before the vendor was asked. Reads a CTE `hit`, the challenge. */
export const takeBackFailure = `budget AS (
    UPDATE failure_budgets b SET fails = array_remove(b.fails, :spentAt::timestamptz) FROM hit WHERE b.key = hit.budget_key
  )`;
