// The statements that send the code of a live challenge once more (protocol.md 7).
import type { AuditParameters } from '../audit/audit.sql';
import { allTaken, lookAtCounters, outcomeColumns, SpendParameters, takeCounters } from '../limits/counters.sql';
import { SEND_TRIES } from '../jobs/jobs.sql';
import { mailJob } from '../mail/mail.sql';
import { alarmsNoted, joinedJobs, messageJobs, postedBy, type SentBy } from './message-job.sql';

/** Parameters of every resend statement. */
export interface ResendParameters extends SpendParameters, AuditParameters {
  /** As in IssueParameters. */
  readonly here: boolean;
  readonly challengeId: string;
  readonly tokenDigest: Buffer;
  readonly purpose: string;
  readonly keyId: string;
  readonly phone: string;
  readonly channel: string;
  /** Number of sends when the state was read. Of many parallel resends only one finds it unchanged (A23). */
  readonly sendsSeen: number;
  readonly sendsMax: number;
  /** Seconds until the send after this one may be asked for; null when this is the last. */
  readonly waitSeconds: number | null;
  readonly wanted: string;
}

/** In what the statements differ. */
export interface ResendParts {
  /** SELECT that locks the account, or the failure budget of an anonymous challenge; no row when it takes no codes. */
  readonly acct: string;
  /** SQL condition: the challenge row c belongs to `acct`. */
  readonly owned: string;
  /** With `both`, only a reset's code goes by mail as well. */
  readonly sentBy: SentBy;
}

/**
 * The text of a resend statement, which posts one more message of a live challenge. Its CTEs: `acct`, `look`, `hit`, `took`, and the message as in
 * issueChallenge. Order of locks: `acct`, the challenge, the counters.
 */
export function resendChallenge({ acct, owned, sentBy }: ResendParts): string {
  const isPosted = sentBy === 'mail' ? '' : 'posted.key IS NOT NULL OR ';
  return `WITH acct AS MATERIALIZED (
    ${acct}
  ), ${lookAtCounters}, hit AS (
    UPDATE otp_attempts c SET sends = c.sends || :now::timestamptz, channel = :channel,
           resend_at = :now::timestamptz + make_interval(secs => :waitSeconds::int) FROM acct
     WHERE c.token_digest = :tokenDigest AND c.purpose = :purpose AND c.key_id = :keyId AND ${owned}
       AND c.consumed_at IS NULL AND c.revoked_at IS NULL AND c.failed < c.max_failed AND c.expires_at > :now::timestamptz
       AND cardinality(c.sends) = :sendsSeen::int AND cardinality(c.sends) < :sendsMax::int AND c.resend_at <= :now::timestamptz
       AND (SELECT free FROM look) RETURNING c.id, cardinality(c.sends) AS send, c.resend_at
  ), ${takeCounters('EXISTS (SELECT 1 FROM hit)')}, ${alarmsNoted}, ${nextJobs(sentBy)}
  SELECT ${isPosted}job.id IS NOT NULL AS sent, hit.resend_at AS "resendAt", EXISTS (SELECT 1 FROM acct) AS open, ${postedBy(sentBy)},
    ${outcomeColumns} FROM look LEFT JOIN hit ON true ${joinedJobs(sentBy)} LEFT JOIN job ON true`;
}

function nextJobs(sentBy: SentBy): string {
  const mail = `(${mailJob({ source: `'code'`, id: 'id', send: 'send' })}).id`;
  const from = `FROM hit WHERE ${allTaken}`;
  if (sentBy === 'mail') return `job AS MATERIALIZED (SELECT ${mail} ${from})`;
  const message = {
    name: 'sms',
    payload: `json_build_object('source', 'code', 'id', id, 'send', send)`,
    key: `'sms:' || id || ':' || send`,
    maxAttempts: SEND_TRIES,
  };
  const alsoMail = sentBy === 'both' ? `CASE WHEN :purpose = 'reset' THEN ${mail} END` : undefined;
  return messageJobs(message, from, { isHere: ':here::boolean', mail: alsoMail });
}
