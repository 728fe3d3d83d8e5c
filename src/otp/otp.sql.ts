// Fragments of otp_attempts for the statements that span modules (issue, verify). The rule of protocol.md 1.1 holds in all
// of them: each condition that decides stands in the WHERE of the locked or updated row itself. In order: conditions on a row (live,
// matches), what issues a challenge (issueChallenge, issueOutcome), its message (messageJobs), the turns of a number, what sends again.
import { event, recordAudit } from '../audit/audit.sql';
import { allTaken, lookAtCounters, outcomeColumns, SpendParameters, takeCounters } from '../limits/counters.sql';
import { addJob, type NewJob, postJob, SEND_TRIES } from '../jobs/jobs.sql';
import { mailJob } from '../mail/mail.sql';
import { ANY } from './otp.types';

/** A challenge that may still be answered. */
export function live(row: string): string {
  return `${row}.consumed_at IS NULL AND ${row}.revoked_at IS NULL AND NOT ${row}.vendor_ended
     AND ${row}.failed < ${row}.max_failed AND ${row}.expires_at > :now::timestamptz`;
}

/** Whether the presented code counts as right: vendor-checked and decoy challenges never match here. */
export function matches(row: string): string {
  return `(:matched::text[] && ARRAY['${ANY}', ${row}.phone] AND ${row}.verifier IS NULL AND NOT ${row}.decoy)`;
}

/** Whether the answer may carry what was chosen: the cookie not for a stranger's page, and then the code is not looked at either. */
export function cookieAllowed(row: string): string {
  return `(${row}.token_delivery = 'body' OR :cookieWelcome::boolean)`;
}

/** Columns a verify statement returns of the challenge it hit. */
export const hitColumns = `c.id, c.max_failed - c.failed AS attempts_left, c.verifier, c.vendor_ref, c.decoy, c.channel, c.client_id, c.device_name, c.token_delivery, c.session_id, c.phone, c.email`;

/** The sends whose code was entered: they are given back to the counters of their number (security.md 5.4, "unverified"). The counters' own function asks the same. */
const refunds = `refunds AS MATERIALIZED (
    SELECT coalesce(array_agg(s.at), '{}') AS at FROM otp_attempts a, unnest(a.created_at || a.sends) AS s(at)
     WHERE a.phone = :phone AND a.consumed_at IS NOT NULL AND a.verified_by IS NULL AND a.created_at > :now::timestamptz - interval '1 day'
  )`;

/** Parameters of every issue statement. */
export interface IssueParameters extends SpendParameters {
  readonly now: Date;
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
  /** False where the number must not be shown to whoever holds the token. */
  readonly phoneShown: boolean;
  readonly methods: readonly string[];
  /** False: no message before a resend asks for it, and no counter is taken. */
  readonly sendsAtOnce: boolean;
  /** Whether this instance has a place for the message (Outbox.hasRoom); false where there is none. */
  readonly here: boolean;
  readonly wanted: string;
  /** Key of the number's turn for anonymous challenges; null where a cooldown refuses instead. */
  readonly turnKey: string | null;
  readonly cooldownSeconds: number;
  readonly sendsMax: number;
  readonly requestId: string | null;
  readonly address: string | null;
  /** For the audit log: keyed digest of the number and its last two digits; null where there is none. */
  readonly phoneHmac: Buffer | null;
  readonly phoneTail: string | null;
}

/** The code goes to :email, and to no phone; then without a first send there is none at all. `also`: another one goes there besides, whenever :mails. */
export type ByMail = boolean | 'also';

interface IssueParts {
  /** Condition for anything to happen at all, next to the limits. */
  readonly gate: string;
  /** auth_epoch of the subject. */
  readonly epoch: string;
  readonly decoy: string;
  readonly budgetKey: string;
  /** Language of the messages, as SQL; that of the request unless given. */
  readonly locale?: string;
  /** Instant of the first send: now, or the end of the number's cooldown. */
  readonly sendAt: string;
  /** Name of the MessageSource of the first send, as SQL: `code`, or a notice instead of it. */
  readonly source: string;
  readonly byMail?: ByMail;
  /** SQL of the proved address of whoever is told by a notice in place of the code. */
  readonly toldAt?: string;
}

/** Alarms are recorded with the send that set them off (design section 2). */
export const alarmsNoted = `alarms_noted AS (
    ${recordAudit({
      event: `CASE alarm.kind WHEN 'closed' THEN ${event('sms_breaker_opened')} ELSE ${event('sms_budget_threshold')} END`,
      reason: 'alarm.scope',
      from: 'FROM took, jsonb_to_recordset(took.alarms) AS alarm(kind text, scope text)',
    })}
  )`;

/** What the main query of every issue statement returns. It reads `job`, which PostgreSQL would skip else. Comes after issueChallenge. @param byMail as there */
export function issueOutcome(byMail: ByMail = false): string {
  return `SELECT made.id IS NOT NULL AS granted, made.resend_at AS "resendAt", ${postedBy(byMail)},
    ${outcomeColumns} FROM look LEFT JOIN made ON true ${joinedJobs(byMail)} LEFT JOIN job ON true`;
}

/** The same for resends; comes after resendChallenge. @param open SQL: the account or number takes codes */
export function resendOutcome(open: string, byMail: ByMail = false): string {
  const isPosted = byMail === true ? '' : 'posted.key IS NOT NULL OR ';
  return `SELECT ${isPosted}job.id IS NOT NULL AS sent, hit.resend_at AS "resendAt", ${open} AS open, ${postedBy(byMail)},
    ${outcomeColumns} FROM look LEFT JOIN hit ON true ${joinedJobs(byMail)} LEFT JOIN job ON true`;
}

const postedBy = (byMail: ByMail) => `${byMail === true ? 'NULL::json' : 'row_to_json(posted)'} AS posted`;
const joinedJobs = (byMail: ByMail) => (byMail === true ? '' : 'LEFT JOIN posted ON true');

/**
 * CTEs that take the counters, store the challenge and put out its first send, all or nothing (protocol.md 7): `refunds`, `look`, `took`,
 * `made(id, send_at)`, and the message: `posted` where it is begun here (unless by mail alone), `job` where it is queued. The main query
 * is issueOutcome.
 */
export function issueChallenge(parts: IssueParts): string {
  return `${refunds}, ${lookAtCounters}, ${takeCounters(parts.gate)}, ${alarmsNoted}, ${cooldownTurn}, made AS (
    INSERT INTO otp_attempts (id, token_digest, purpose, key_id, code_length, subject_id, auth_epoch, phone, decoy, budget_key,
                              max_failed, created_at, expires_at, sends, resend_at, channel, locale, client_id, device_name, token_delivery, session_id,
                              phone_shown, methods, email)
    SELECT :challengeId::uuid, :tokenDigest::bytea, :purpose, :keyId, :codeLength::smallint, :subjectId::uuid, ${parts.epoch}, :phone,
           ${parts.decoy}, ${parts.budgetKey}, :attemptsMax::smallint, :now::timestamptz, :expiresAt::timestamptz,
           CASE WHEN :sendsAtOnce::boolean THEN ARRAY[${parts.sendAt}] ELSE '{}' END,
           CASE WHEN NOT :sendsAtOnce::boolean THEN ${parts.byMail === true ? 'NULL' : ':now::timestamptz'}
                WHEN :sendsMax::int > 1 THEN ${parts.sendAt} + make_interval(secs => :cooldownSeconds::int) END,
           :channel, ${parts.locale ?? ':locale'}, :clientId, :deviceName, :tokenDelivery, :boundSessionId::uuid, :phoneShown::boolean, :methods::text[], ${(parts.byMail ?? false) === false ? (parts.toldAt ?? 'NULL') : ':email'}
     WHERE ${parts.gate} AND ${allTaken} RETURNING id, sends[1] AS send_at, resend_at
  ), ${parts.byMail === true ? `job AS MATERIALIZED (SELECT (${firstMail(parts.source)}).id FROM made WHERE ${isSent(parts.source)})` : firstMessage(parts.source, parts.byMail === 'also')}`;
}

const waits = `greatest(0, extract(epoch FROM send_at - :now::timestamptz))`;
const firstMail = (source: string) => mailJob({ source, id: 'id', send: '1', delaySeconds: waits });

const isSent = (source: string) => `(:sendsAtOnce::boolean OR ${source} <> 'code')`;

/** Due now, it is begun by whoever has asked (ADR 89); the queue takes what has to wait for its turn, or finds no place there. */
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

interface MessageParts {
  /** SQL: begun by whoever runs the statement. */
  readonly isHere: string;
  readonly delaySeconds?: string;
  /** SQL expression that queues a mail besides. */
  readonly mail?: string | undefined;
}

/** CTEs `posted` and `job`: of the two one has the message. @param from FROM clause with its WHERE: at most one row */
function messageJobs(message: NewJob, from: string, { isHere, delaySeconds, mail }: MessageParts): string {
  const queued = `CASE WHEN NOT (${isHere}) THEN (${addJob({ ...message, isKeyNew: true, ...(delaySeconds !== undefined && { delaySeconds }) })}).id END AS id`;
  return `posted AS (
    ${postJob(message, `${from} AND ${isHere}`)}
  ), job AS MATERIALIZED (
    SELECT ${mail === undefined ? queued : `${queued}, ${mail} AS mail_id`} ${from}
  )`;
}

/** Gate of anonymous challenges: queued behind so many that its turn would come after its expiry, since 202 promises a send (N10). */
export const turnInTime = `NOT EXISTS (SELECT 1 FROM rate_limits r WHERE r.key = :turnKey::text
    AND (without_hits(r.hits, (SELECT at FROM refunds)))[1] + make_interval(secs => :cooldownSeconds::int) >= :expiresAt::timestamptz)`;

// Anonymous challenges of one number coexist, each with its own code, so their first sends take turns, one per cooldown.
// The row remembers the last turn that was given out; a statement that waited for it re-reads the newest value.
const cooldownTurn = `turn AS (
    INSERT INTO rate_limits AS r (key, hits, touched_at)
    SELECT :turnKey::text, ARRAY[:now::timestamptz], :now::timestamptz WHERE :turnKey::text IS NOT NULL AND ${allTaken}
    ON CONFLICT (key) DO UPDATE SET touched_at = :now::timestamptz,
      hits = ARRAY[greatest(:now::timestamptz, (without_hits(r.hits, (SELECT at FROM refunds)))[1] + make_interval(secs => :cooldownSeconds::int))]
    RETURNING hits[1] AS at
  )`;

/** Parameters of every resend statement. */
export interface ResendParameters extends SpendParameters {
  /** As in IssueParameters. */
  readonly here: boolean;
  readonly now: Date;
  readonly challengeId: string;
  readonly tokenDigest: Buffer;
  readonly purpose: string;
  readonly keyId: string;
  readonly phone: string;
  readonly channel: string;
  /** Sends when the state was read: of many parallel resends one finds it unchanged (A23). */
  readonly sendsSeen: number;
  readonly sendsMax: number;
  /** Until the send after this one; null when this is the last. */
  readonly waitSeconds: number | null;
  readonly wanted: string;
  readonly requestId: string | null;
  readonly address: string | null;
}

/**
 * CTEs that put out one more send of a live challenge: `look`, `took`, `hit`, and the message as issueChallenge has it. The main query is resendOutcome.
 * Order: the account row (in `gate`'s CTE), the challenge, the counters.
 * @param account CTE text that locks and checks the account, ending in a comma, or nothing
 * @param condition SQL on the challenge row c
 * @param byMail the code goes to the address of the challenge; `also`: one goes there besides, of a reset
 */
export function resendChallenge(account: string, from: string, condition: string, byMail: ByMail = false): string {
  return `${account} ${lookAtCounters}, hit AS (
    UPDATE otp_attempts c SET sends = c.sends || :now::timestamptz, channel = :channel,
           resend_at = :now::timestamptz + make_interval(secs => :waitSeconds::int) ${from}
     WHERE c.token_digest = :tokenDigest AND c.purpose = :purpose AND c.key_id = :keyId AND ${condition}
       AND c.consumed_at IS NULL AND c.revoked_at IS NULL AND c.failed < c.max_failed AND c.expires_at > :now::timestamptz
       AND cardinality(c.sends) = :sendsSeen::int AND cardinality(c.sends) < :sendsMax::int AND c.resend_at <= :now::timestamptz
       AND (SELECT free FROM look) RETURNING c.id, cardinality(c.sends) AS send, c.resend_at
  ), ${takeCounters('EXISTS (SELECT 1 FROM hit)')}, ${alarmsNoted}, ${nextJobs(byMail)}`;
}

function nextJobs(byMail: ByMail): string {
  const mail = `(${mailJob({ source: `'code'`, id: 'id', send: 'send' })}).id`;
  const from = `FROM hit WHERE ${allTaken}`;
  if (byMail === true) return `job AS MATERIALIZED (SELECT ${mail} ${from})`;
  const message = {
    name: 'sms',
    payload: `json_build_object('source', 'code', 'id', id, 'send', send)`,
    key: `'sms:' || id || ':' || send`,
    maxAttempts: SEND_TRIES,
  };
  const alsoMail = byMail === 'also' ? `CASE WHEN :purpose = 'reset' THEN ${mail} END` : undefined;
  return messageJobs(message, from, { isHere: ':here::boolean', mail: alsoMail });
}
