// Fragments of the statements that issue a challenge: they take the counters, store the challenge and post its first message, all or nothing
// (protocol.md 7). The first messages of anonymous challenges for one number wait for each other.
import type { AuditParameters } from '../audit/audit.sql';
import { allTaken, lookAtCounters, outcomeColumns, SpendParameters, takeCounters } from '../limits/counters.sql';
import { SEND_TRIES } from '../jobs/jobs.sql';
import { mailJob } from '../mail/mail.sql';
import { alarmsNoted, joinedJobs, messageJobs, postedBy, type SentBy } from './message-job.sql';

/** Parameters of every issue statement. */
export interface IssueParameters extends SpendParameters, AuditParameters {
  readonly challengeId: string;
  readonly tokenDigest: Buffer;
  readonly purpose: string;
  readonly keyId: string;
  readonly codeLength: number;
  readonly subjectId: string;
  readonly phone: string;
  readonly attemptsMax: number;
  readonly expiresAt: Date;
  readonly channel: string;
  readonly locale: string | null;
  readonly clientId: string;
  readonly deviceName: string | null;
  readonly tokenDelivery: string;
  /** The session that a step-up renews; null for every other purpose. */
  readonly boundSessionId: string | null;
  /** False when the holder of the token must not see the number. */
  readonly phoneShown: boolean;
  readonly methods: readonly string[];
  /** False: no message is sent, and no counter taken, before a resend asks for it. */
  readonly sendsAtOnce: boolean;
  /** Whether this instance has room for the message (Outbox.hasRoom). */
  readonly here: boolean;
  readonly wanted: string;
  /** Key of the number's turn, for anonymous challenges. Null: a send within the cooldown is refused instead of delayed. */
  readonly turnKey: string | null;
  readonly cooldownSeconds: number;
  readonly sendsMax: number;
  /** For the audit log: keyed digest of the number, and its last two digits. Null when there is no number. */
  readonly phoneHmac: Buffer | null;
  readonly phoneTail: string | null;
}

interface IssueParts {
  /** SQL condition besides the limits; where it is false nothing happens. */
  readonly gate: string;
  /** SQL of the subject's auth_epoch. */
  readonly epoch: string;
  readonly decoy: string;
  readonly budgetKey: string;
  /** SQL of the language of the messages; by default that of the request. */
  readonly locale?: string;
  /** SQL of the instant of the first send: now, or the end of the number's cooldown. */
  readonly sendAt: string;
  /** SQL of the name of the MessageSource of the first send: `code`, or a notice that is sent instead. */
  readonly source: string;
  /** By default `message`. With `mail` nothing is sent when `sendsAtOnce` is false. */
  readonly sentBy?: SentBy;
  /** SQL of the proved address of a person who gets a notice instead of the code. */
  readonly toldAt?: string;
  /** SQL of their language, where `locale` is a stranger's. */
  readonly toldIn?: string;
}

/** What the main query of every issue statement returns. It must follow issueChallenge, and reads `job`, which PostgreSQL would skip otherwise. */
export function issueOutcome(sentBy: SentBy = 'message'): string {
  return `SELECT made.id IS NOT NULL AS granted, made.resend_at AS "resendAt", ${postedBy(sentBy)},
    ${outcomeColumns} FROM look LEFT JOIN made ON true ${joinedJobs(sentBy)} LEFT JOIN job ON true`;
}

/**
 * Sends whose code was entered. They do not count for their number (security.md 5.4, "unverified"). look_at_counters gives the same back, and
 * what went another way.
 */
const refunds = `refunds AS MATERIALIZED (
    SELECT coalesce(array_agg(s.at), '{}') AS at FROM otp_attempts a, unnest(a.created_at || a.sends) AS s(at)
     WHERE a.phone = :phone AND a.consumed_at IS NOT NULL AND a.verified_by IS NULL AND a.created_at > :now::timestamptz - interval '1 day'
  )`;

/**
 * CTEs that take the counters, store the challenge and post its first message, all or nothing (protocol.md 7): `refunds`, `look`, `took`, `made(id,
 * send_at)`, and one of two with the message: `posted` when this instance begins it (never by mail), or `job` when it is queued. issueOutcome is
 * the main query.
 */
export function issueChallenge(parts: IssueParts): string {
  const { sentBy = 'message' } = parts;
  return `${refunds}, ${lookAtCounters}, ${takeCounters(parts.gate)}, ${alarmsNoted}, ${cooldownTurn}, made AS (
    INSERT INTO otp_attempts (id, token_digest, purpose, key_id, code_length, subject_id, auth_epoch, phone, decoy, budget_key,
                              max_failed, created_at, expires_at, sends, resend_at, channel, locale, client_id, device_name, token_delivery, session_id,
                              phone_shown, methods, email, told_locale)
    SELECT :challengeId::uuid, :tokenDigest::bytea, :purpose, :keyId, :codeLength::smallint, :subjectId::uuid, ${parts.epoch}, :phone,
           ${parts.decoy}, ${parts.budgetKey}, :attemptsMax::smallint, :now::timestamptz, :expiresAt::timestamptz,
           CASE WHEN :sendsAtOnce::boolean THEN ARRAY[${parts.sendAt}] ELSE '{}' END,
           CASE WHEN NOT :sendsAtOnce::boolean THEN ${sentBy === 'mail' ? 'NULL' : ':now::timestamptz'}
                WHEN :sendsMax::int > 1 THEN ${parts.sendAt} + make_interval(secs => :cooldownSeconds::int) END,
           :channel, ${parts.locale ?? ':locale'}, :clientId, :deviceName, :tokenDelivery, :boundSessionId::uuid, :phoneShown::boolean, :methods::text[], ${sentBy === 'message' ? (parts.toldAt ?? 'NULL') : ':email'}, ${parts.toldIn ?? 'NULL'}
     WHERE ${parts.gate} AND ${allTaken} RETURNING id, sends[1] AS send_at, resend_at
  ), ${sentBy === 'mail' ? `job AS MATERIALIZED (SELECT (${firstMail(parts.source)}).id FROM made WHERE ${isSent(parts.source)})` : firstMessage(parts.source, sentBy === 'both')}`;
}

const waits = `greatest(0, extract(epoch FROM send_at - :now::timestamptz))`;
const firstMail = (source: string) => mailJob({ source, id: 'id', send: '1', delaySeconds: waits });

const isSent = (source: string) => `(:sendsAtOnce::boolean OR ${source} <> 'code')`;

/** A message that is due now is begun by this instance (ADR 89). It is queued when it must wait for its turn, or this instance has no room for it. */
function firstMessage(source: string, alsoMail: boolean): string {
  const message = {
    name: 'sms',
    payload: `json_build_object('source', ${source}, 'id', id, 'send', CASE WHEN :sendsAtOnce::boolean THEN 1 ELSE 0 END)`,
    key: `'sms:' || id || CASE WHEN :sendsAtOnce::boolean THEN ':1' ELSE ':0' END`,
    maxAttempts: SEND_TRIES,
  };
  return messageJobs(message, `FROM made WHERE ${isSent(source)}`, {
    isHere: `:here::boolean AND ${waits} = 0`,
    delaySeconds: waits,
    mail: alsoMail ? `CASE WHEN :mails::boolean THEN (${firstMail(`'code'`)}).id END` : undefined,
  });
}

/** A gate for anonymous challenges: none is made when its turn would come after its end, because a 202 promises a send (N10). */
export const turnInTime = `NOT EXISTS (SELECT 1 FROM rate_limits r WHERE r.key = :turnKey::text
    AND (without_hits(r.hits, (SELECT at FROM refunds)))[1] + make_interval(secs => :cooldownSeconds::int) >= :expiresAt::timestamptz)`;

// A number may have several anonymous challenges at a time, each with its own code. So their first sends take turns: one per cooldown. The
// row contains the last turn that was given; a statement that waited for the row sees its newest value.
const cooldownTurn = `turn AS (
    INSERT INTO rate_limits AS r (key, hits, touched_at)
    SELECT :turnKey::text, ARRAY[:now::timestamptz], :now::timestamptz WHERE :turnKey::text IS NOT NULL AND ${allTaken}
    ON CONFLICT (key) DO UPDATE SET touched_at = :now::timestamptz,
      hits = ARRAY[greatest(:now::timestamptz, (without_hits(r.hits, (SELECT at FROM refunds)))[1] + make_interval(secs => :cooldownSeconds::int))]
    RETURNING hits[1] AS at
  )`;
