// What all credential events have in common (security.md 5.5, A42). The statement has raised the account's auth epoch, so sessions,
// challenges and everything else with the old epoch are dead. These parts stop messages that would still be sent, and close the account's
// challenges.
//
// A challenge of a known account becomes superseded. One for a reset becomes a decoy instead: its token may be in a stranger's hands, who
// must not see that there is an account, still less that its password has just changed (A55).

/**
 * CTE `withdrawn`. Binds :now. It does not see challenges that are made in parallel; their epoch kills them.
 * @param account name of a CTE with at most one row, whose id is the account's
 * @param spared column of that CTE with the id of the challenge whose code caused the event, because the statement writes that row itself
 */
export function withdrawChallenges(account: string, spared?: string): string {
  return `withdrawn AS (
    UPDATE otp_attempts c SET decoy = c.decoy OR c.purpose = 'reset',
           revoked_at = CASE WHEN c.purpose = 'reset' THEN NULL ELSE :now::timestamptz END FROM ${account} a
     WHERE c.subject_id = a.id AND c.consumed_at IS NULL AND c.revoked_at IS NULL AND c.expires_at > :now::timestamptz${spared === undefined ? '' : ` AND c.id <> a.${spared}`}
  )`;
}

/** CTE `forgiven`: earlier wrong passwords no longer count. Binds :now. @param account as above @param match SQL: the keys of the budgets to clear */
export function forgiveFailures(account: string, match = '= :failuresKey'): string {
  return `forgiven AS (
    UPDATE failure_budgets b SET consecutive = 0, fails = '{}', touched_at = :now::timestamptz FROM ${account} a
     WHERE b.key ${match} AND b.consecutive > 0
  )`;
}
