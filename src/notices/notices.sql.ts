// SQL fragment that queues a notice. It is for the statement that makes the change the notice is about, so that both are committed together.
// Number, proved address and language are copied into the notice, so a person who loses them a moment later is told all the same. The audit
// log keeps that the person was told, because the notice itself does not name the account and is deleted after two days.
import { event, recordAudit } from '../audit/audit.sql';
import { addJob, SEND_TRIES } from '../jobs/jobs.sql';
import { mailJob } from '../mail/mail.sql';
import type { NoticeName } from './notices.types';

export interface NoticeParameters {
  /** Must be given whether or not there will be a notice. */
  readonly noticeId: string;
}

interface NoticeParts {
  readonly name: NoticeName;
  /** Another name for the notice, which is used when this SQL condition on `to` is true. */
  readonly otherwise?: { readonly name: NoticeName; readonly when: string };
  /**
   * SQL FROM clause, with its WHERE, that gives at most one row `to`. Its columns phone and locale say where the notice goes and in which
   * language. Its column id is the account, whose proved address is told as well; that is the address before this statement changes
   * anything. `person` and `email` replace these two. Without a phone and an address nobody is told.
   */
  readonly from: string;
  /** At most one notice of this kind to this number within a day; two at the same moment may both be sent. */
  readonly oncePerDay?: boolean;
  /** SQL of the address to tell, in place of the proved address of the account `to.id`. */
  readonly email?: string;
  /** SQL of the id of the account that the audit row names, in place of `to.id`. */
  readonly person?: string;
  /** For a statement with two notices: the names of the CTEs, and of the parameter for the id, begin with this. */
  readonly prefix?: 'old' | 'new';
}

/**
 * CTEs `notice`, `notice_noted` and `notice_job(id)`. The main query must read `notice_job`: otherwise PostgreSQL skips it and nothing is
 * queued. Binds :noticeId, :now, :requestId and :address.
 */
export function queueNotice({ name, otherwise, from, oncePerDay = false, prefix, person, email }: NoticeParts): string {
  const [cte, id] = prefix === undefined ? ['notice', 'noticeId'] : [`${prefix}_notice`, `${prefix}NoticeId`];
  const chosen =
    otherwise === undefined ? `'${name}'` : `CASE WHEN ${otherwise.when} THEN '${otherwise.name}' ELSE '${name}' END`;
  const rare = `AND NOT EXISTS (SELECT FROM notices n WHERE n.phone = "to".phone AND n.name = ${chosen}
       AND n.created_at > :now::timestamptz - interval '1 day')`;
  const address = email ?? '(SELECT u.email FROM users u WHERE u.id = "to".id AND u.email_verified_at IS NOT NULL)';
  return `${cte} AS (
    INSERT INTO notices (id, name, phone, email, locale, created_at)
    SELECT :${id}::uuid, ${chosen}, "to".phone, ${address}, "to".locale, :now::timestamptz ${from}
       AND num_nonnulls("to".phone, ${address}) > 0 ${oncePerDay ? rare : ''} RETURNING id, name, phone, email
  ), ${cte}_noted AS (
    ${recordAudit({
      event: event('notice_queued'),
      userId: person ?? `(SELECT "to".id ${from})`,
      ref: `${cte}.id`,
      reason: `${cte}.name`,
      from: `FROM ${cte}`,
    })}
  ), ${cte}_job AS MATERIALIZED (
    SELECT CASE WHEN phone IS NOT NULL THEN (${addJob({
      name: 'sms',
      payload: `json_build_object('source', 'notice', 'id', id, 'send', 1)`,
      key: `'notice:' || id`,
      maxAttempts: SEND_TRIES,
    })}).id END AS id, CASE WHEN email IS NOT NULL THEN (${mailJob({ source: `'notice'`, id: 'id', send: '1' })}).id END AS mail_id FROM ${cte}
  )`;
}
