// What every change of a credential has in common (security.md 5.5, A42): the account's epoch has grown by one, so sessions, challenges
// and whatever else bears the old number are dead already; this withdraws what would still be sent or asked about.
//
// A challenge of a known account shows as superseded. One for a reset turns into a decoy instead: whoever holds its token may be a
// stranger and must not see that there is an account, let alone that its password has just changed (A55).

/**
 * CTE `withdrawn`. Needs :now and a CTE of at most one row with the account's id. It does not see challenges that are made in parallel: they
 * die by their epoch.
 * @param spared column of that CTE with the id of the challenge whose code caused it, which the statement writes itself
 */
export function withdrawChallenges(account: string, spared?: string): string {
  return `withdrawn AS (
    UPDATE otp_attempts c SET decoy = c.decoy OR c.purpose = 'reset',
           revoked_at = CASE WHEN c.purpose = 'reset' THEN NULL ELSE :now::timestamptz END FROM ${account} a
     WHERE c.subject_id = a.id AND c.consumed_at IS NULL AND c.revoked_at IS NULL AND c.expires_at > :now::timestamptz${spared === undefined ? '' : ` AND c.id <> a.${spared}`}
  )`;
}

/** CTE `forgiven`: wrong passwords before count no more. Needs :now. @param account as above @param match SQL of which budgets' keys */
export function forgiveFailures(account: string, match = '= :failuresKey'): string {
  return `forgiven AS (
    UPDATE failure_budgets b SET consecutive = 0, fails = '{}', touched_at = :now::timestamptz FROM ${account} a
     WHERE b.key ${match} AND b.consecutive > 0
  )`;
}
