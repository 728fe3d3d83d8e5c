// The wrong codes of a number that were entered without an account, counted in failure_budgets (design D4): what the statements share
// that issue, check and confirm such a challenge. Every one of them locks the budget before the challenge (protocol.md 4).
import type { LimitWindow } from '../config/limit';
import { memoryOf, windowsOpen } from '../limits/limits.sql';

/** CTE `budget`, when a challenge was issued: the row that the statements below lock. Needs the CTE `made` of issueChallenge. */
export const openBudget = `budget AS (
    INSERT INTO failure_budgets (key, touched_at) SELECT :budgetKey, :now::timestamptz FROM made ON CONFLICT (key) DO NOTHING
  )`;

/** CTE `gate`, before a code is judged: the locked budget, if it still has room. Needs a CTE `k` of the challenge. */
export function lockBudgetWithRoom(windows: readonly LimitWindow[]): string {
  return `gate AS MATERIALIZED (
    SELECT b.key FROM failure_budgets b JOIN k ON b.key = k.budget_key WHERE ${windowsOpen('b.fails', windows, ':now')} FOR NO KEY UPDATE OF b
  )`;
}

/** CTE `budget`: a code that was not right counts. Needs a CTE `hit` of the challenge. */
export function countFailure(windows: readonly LimitWindow[]): string {
  return `budget AS (
    UPDATE failure_budgets b SET fails = (:now::timestamptz || b.fails)[1:${memoryOf(windows)}],
           touched_at = :now::timestamptz FROM hit WHERE b.key = hit.budget_key AND NOT hit.matched
  )`;
}

/** CTE `gate`, when the vendor has said yes: the locked budget, with room or not, as the attempt has counted already. */
export const lockBudget = `gate AS MATERIALIZED (
    SELECT b.key FROM failure_budgets b JOIN otp_attempts k ON b.key = k.budget_key WHERE k.id = :challengeId FOR NO KEY UPDATE OF b
  )`;

/** CTE `budget`: the failure that was counted while the vendor was asked is taken back. Needs a CTE `hit` of the challenge. */
export const takeBackFailure = `budget AS (
    UPDATE failure_budgets b SET fails = array_remove(b.fails, :spentAt::timestamptz) FROM hit WHERE b.key = hit.budget_key
  )`;
