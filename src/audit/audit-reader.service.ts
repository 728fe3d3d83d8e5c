// The audit log for those who look into it, newest first, in pages. Reads only; planned for the values of its filters each time, since
// an event that is rare has an index and one that is common has none (ADR 83).
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service';
import { planned, statement, type Statement } from '../database/sql';
import { AppError } from '../platform/errors/app-error';
import { platformErrors } from '../platform/errors/platform.errors';
import type { AuditEntry, AuditFilter, AuditPage } from './audit-entry.types';
import { auditEvents } from './audit.types';

const cursorForm = /^[1-9]\d{0,17}$/;

/** Columns of an entry, but for its outcome. */
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

@Injectable()
export class AuditReader {
  constructor(private readonly database: Database) {}

  /** @param cursor nextCursor of the page before; '' for the first. @throws AppError validation_failed for another, overloaded, not_ready */
  async page(filter: AuditFilter, cursor: string, limit: number): Promise<AuditPage> {
    if (cursor !== '' && !cursorForm.test(cursor)) {
      throw new AppError(platformErrors.validation_failed, { errors: [{ pointer: '/cursor', code: 'invalid' }] });
    }
    const given = { ...filter, cursor: cursor === '' ? undefined : cursor };
    const used = names.filter((name) => given[name] !== undefined);
    const values = used.map((name) => given[name]);
    const found = await this.database.run<Omit<AuditEntry, 'outcome'>>(pageBy(used), [...values, limit + 1]);
    const entries = found.slice(0, limit).map(told);
    return { entries, nextCursor: found.length > limit ? (entries.at(-1)?.id ?? null) : null };
  }

  /** @returns undefined when it is not there any more */
  async entry(id: string): Promise<AuditEntry | undefined> {
    const [found] = await this.database.run<Omit<AuditEntry, 'outcome'>>(one, [id]);
    return found === undefined ? undefined : told(found);
  }
}

function told(row: Omit<AuditEntry, 'outcome'>): AuditEntry {
  return { ...row, outcome: auditEvents[row.event] };
}

function pageBy(used: readonly (keyof typeof conditions)[]): Statement {
  const where = used.map((name, at) => conditions[name](`$${at + 1}`)).join(' AND ') || 'true';
  return planned(
    `SELECT ${columns} FROM audit_log a WHERE ${where} ORDER BY a.at DESC, a.id DESC LIMIT $${used.length + 1}`,
  );
}
