// Reads the audit log for operators, newest first, in pages. A page is planned anew for the values of its filters, because rare events have an
// index and common ones have none (ADR 83). Invariant: for one page a bounded number of rows is read. If they do not fill the page, it says
// where to go on. So a question takes no longer when the log is larger.
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service';
import { planned, statement, type Statement } from '../database/sql';
import { AppError } from '../platform/errors/app-error';
import { platformErrors } from '../platform/errors/platform.errors';
import type { AuditEntry, AuditFilter, AuditPage } from './audit-entry.types';
import { event } from './audit.sql';
import { type AuditEventName, auditEvents } from './audit.types';

/** Events so frequent that the index by name leaves them out. */
export const commonEvents: readonly AuditEventName[] = [
  'authn_login_success',
  'login_challenged',
  'otp_sent',
  'session_created',
  'session_renewed',
];

/** How many rows are read at most for one page of a common event. That takes a tenth of a second. */
const LOOK_AT_MOST = 50_000;

const cursorForm = /^[1-9]\d{0,17}$/;

/** The columns of an entry, except its outcome. */
const columns = `a.id::text AS id, a.at, a.event, a.user_id AS "userId", a.session_id AS "sessionId", a.ref, a.request_id AS "requestId",
       a.address, a.ua_hash AS "userAgentHash", a.amr, encode(a.phone_hmac, 'hex') AS "phoneHmac", a.phone_tail AS "phoneTail", a.reason, a.meta`;

const conditions = {
  event: (value: string) => `a.event = ${value}`,
  userId: (value: string) => `a.user_id = ${value}::uuid`,
  from: (value: string) => `a.at >= ${value}::timestamptz`,
  to: (value: string) => `a.at < ${value}::timestamptz`,
  cursor: (value: string) =>
    `a.at <= (SELECT at FROM audit_log WHERE id = ${value}::bigint)
       AND (a.at, a.id) < (SELECT at, id FROM audit_log WHERE id = ${value}::bigint)`,
};
const names = Object.keys(conditions) as (keyof typeof conditions)[];

const one = statement('audit_entry', `SELECT ${columns} FROM audit_log a WHERE a.id = $1::bigint`);

// The event's name stands in the text of the statement. With a parameter instead, PostgreSQL could plan the statement for any event, and could
// then not use the index, which covers rare events only.
const newestByReason = (name: AuditEventName) =>
  statement(
    `audit_newest_${name}_by_reason`,
    `SELECT reason, max(at) AS at FROM audit_log WHERE at > $1 AND event = ${event(name)} AND reason IS NOT NULL GROUP BY reason`,
  );

@Injectable()
export class AuditReader {
  constructor(private readonly database: Database) {}

  /**
   * @param cursor nextCursor of the page before; '' for the first page.
   * @throws AppError validation_failed for any other text; overloaded, not_ready
   */
  async page(filter: AuditFilter, cursor: string, limit: number): Promise<AuditPage> {
    if (cursor !== '' && !cursorForm.test(cursor)) {
      throw new AppError(platformErrors.validation_failed, { errors: [{ pointer: '/cursor', code: 'invalid' }] });
    }
    const given = { ...filter, cursor: cursor === '' ? undefined : cursor };
    const used = names.filter((name) => given[name] !== undefined);
    const values = used.map((name) => given[name]);
    const isCommon = commonEvents.some((event) => event === filter.event);
    const found = await this.database.run<Found>((isCommon ? boundedPageBy : pageBy)(used), [...values, limit + 1]);
    const entries = found.filter(isEntry).slice(0, limit).map(told);
    const last = found.length > limit ? entries.at(-1)?.id : found[0]?.edge;
    return { entries, nextCursor: last ?? null };
  }

  /** @returns undefined when there is no such entry, or it has been deleted */
  async entry(id: string): Promise<AuditEntry | undefined> {
    const [found] = await this.database.run<Row>(one, [id]);
    return found === undefined ? undefined : told(found);
  }

  /**
   * Each reason that events of this name had since then, with the newest time of each. It reads all events of this name since then, so it is
   * meant for hours and not for days. @throws AppError overloaded, not_ready
   */
  newestByReason(name: AuditEventName, since: Date): Promise<{ reason: string; at: Date }[]> {
    return this.database.run(newestByReason(name), [since]);
  }
}

type Row = Omit<AuditEntry, 'outcome'>;
/** When no entry was found, there is still one row: all its columns are null, except `edge`. */
type Found = (Row | { readonly [column in keyof Row]: null }) & { readonly edge?: string | null };

function isEntry(row: Found): row is Row {
  return row.id !== null;
}

function told({ edge: _, ...row }: Row & { readonly edge?: string | null }): AuditEntry {
  return { ...row, outcome: auditEvents[row.event] };
}

function pageBy(used: readonly (keyof typeof conditions)[]): Statement {
  const where = used.map((name, at) => conditions[name](`$${at + 1}`)).join(' AND ') || 'true';
  return planned(
    `SELECT ${columns} FROM audit_log a WHERE ${where} ORDER BY a.at DESC, a.id DESC LIMIT $${used.length + 1}`,
  );
}

/**
 * For a common event: reads the newest rows that match all filters but the name, at most LOOK_AT_MOST, and picks the events out of these. If they
 * are fewer than asked for, `edge` is the id of the last row that was read; it is null when the log ends before that.
 */
function boundedPageBy(used: readonly (keyof typeof conditions)[]): Statement {
  const about = (name: keyof typeof conditions): string => conditions[name](`$${used.indexOf(name) + 1}`);
  const scope =
    used
      .filter((name) => name !== 'event')
      .map(about)
      .join(' AND ') || 'true';
  const newest = `FROM audit_log a WHERE ${scope} ORDER BY a.at DESC, a.id DESC`;
  const wanted = `$${used.length + 1}::int`;
  return planned(
    `WITH found AS MATERIALIZED (
       SELECT ${columns} FROM (SELECT a.* ${newest} LIMIT ${LOOK_AT_MOST}) a
        WHERE ${about('event')} ORDER BY a.at DESC, a.id DESC LIMIT ${wanted}
     )
     SELECT found.*, CASE WHEN (SELECT count(*) FROM found) < ${wanted}
              THEN (SELECT a.id::text ${newest} OFFSET ${LOOK_AT_MOST - 1} LIMIT 1) END AS edge
       FROM (SELECT) AS always LEFT JOIN found ON true ORDER BY found.at DESC, found.id::bigint DESC`,
  );
}
