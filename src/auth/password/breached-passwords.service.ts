// Optionally looks a password up in a list of breached ones (ASVS 6.2.12), by k-anonymity: only the first five digits of its SHA-1 leave
// this server, and the answer is padded. (Such lists are indexed by SHA-1; we store nothing under it.) It takes half a second at most. When
// the list cannot be asked the password is accepted, with an audit event, because an outage of the list must keep nobody out.
import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.service';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';
import { OutboundHttp } from '../../platform/http/outbound-http';
import { RequestContext } from '../../platform/request/request-context';
import { PasswordConfig } from './password.config';

const BUDGET_MILLISECONDS = 500;
const PREFIX_DIGITS = 5;
const entry = /^([0-9A-F]{35}):(\d{1,15})$/;

@Injectable()
export class BreachedPasswords {
  constructor(
    private readonly http: OutboundHttp,
    private readonly config: PasswordConfig,
    private readonly database: Database,
    private readonly audit: AuditLog,
    private readonly context: RequestContext,
    private readonly clock: Clock,
  ) {}

  /** Whether the password, exactly as typed, is in the list. False when no list is configured, or it cannot be asked. */
  async includes(password: string): Promise<boolean> {
    const origin = this.config.BREACHED_PASSWORDS_URL;
    if (origin === undefined) return false;
    const digest = hash('sha1', password, 'hex').toUpperCase();
    const answer = await this.http.request({
      method: 'GET',
      url: `${origin.replace(/\/$/, '')}/range/${digest.slice(0, PREFIX_DIGITS)}`,
      headers: { 'Add-Padding': 'true', Accept: 'text/plain' },
      signal: AbortSignal.timeout(BUDGET_MILLISECONDS),
    });
    const counts = answer.ok && answer.status === 200 ? countsIn(answer.text) : undefined;
    if (counts !== undefined) return (counts.get(digest.slice(PREFIX_DIGITS)) ?? 0) > 0;
    await this.record(answer.ok ? `answered ${answer.status}` : answer.kind);
    return false;
  }

  private async record(reason: string): Promise<void> {
    const { requestId, address } = this.context;
    const at = this.clock.now();
    await this.audit.record(this.database, { event: 'breach_check_failed', at, reason, requestId, address });
  }
}

/** @returns undefined for a text that is no list of suffixes, such as a page of a proxy. Entries with count 0 are padding */
function countsIn(text: string): ReadonlyMap<string, number> | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  const entries = lines.map((line) => entry.exec(line.toUpperCase()));
  if (entries.some((match) => match === null)) return undefined;
  return new Map(entries.map((match) => [match?.[1] ?? '', Number(match?.[2])]));
}
