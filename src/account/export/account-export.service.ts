// Everything that is stored about the person who asks, as one JSON document (export-sections.ts). It is written page by page, so that memory use
// stays small, and no transaction or connection is held while the person's line is slow. The export is in the audit log before the first
// byte is sent. A reader may take hours, so no page is given to a session that has ended meanwhile (A38).
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.service';
import { AccountLimits } from '../../auth/account-limits.service';
import { SessionLivenessService } from '../../auth/sessions/session-liveness.service';
import { Limit } from '../../config/limit';
import { Database } from '../../database/database.service';
import type { Statement } from '../../database/sql';
import { Clock } from '../../platform/clock/clock';
import { AppError } from '../../platform/errors/app-error';
import { tokenErrors } from '../../platform/errors/token.errors';
import type { Actor } from '../../platform/request/actor';
import { RequestContext } from '../../platform/request/request-context';
import { exportSections } from './export-sections';
import { type ExportedRow, PAGE, sectionStatement } from './export-statement';

/** At most so many exports per account, because each reads everything about a person. */
const EXPORTS = Limit.of('5/1h,10/1d');

interface Section {
  readonly name: string;
  readonly statement: Statement;
}

const sections = exportSections.map((section): Section => ({
  name: section.name,
  statement: sectionStatement(section),
}));

@Injectable()
export class AccountExport {
  constructor(
    private readonly database: Database,
    private readonly limits: AccountLimits,
    private readonly liveness: SessionLivenessService,
    private readonly audit: AuditLog,
    private readonly context: RequestContext,
    private readonly clock: Clock,
  ) {}

  /**
   * The parts of the document, in order. After an error in the middle the last brace is missing, so nobody takes a part for the whole document.
   * @throws AppError rate_limited, token_invalid when the session has ended, overloaded, not_ready
   */
  async *write(actor: Actor): AsyncGenerator<string, void> {
    const { userId, sessionId } = actor;
    await this.limits.take('export', userId, EXPORTS);
    const { requestId, address } = this.context;
    const at = this.clock.now();
    await this.audit.record(this.database, { event: 'account_exported', at, userId, sessionId, requestId, address });
    yield `{"exportedAt":${JSON.stringify(at)}`;
    for (const section of sections) yield* this.section(actor, section);
    yield '}\n';
  }

  private async *section({ userId, sessionId }: Actor, { name, statement }: Section): AsyncGenerator<string, void> {
    yield `,\n${JSON.stringify(name)}:[`;
    let last: ExportedRow | undefined;
    do {
      await this.demandLiving(sessionId, userId);
      const values = [userId, last?.afterAt ?? null, last?.afterId ?? null];
      const rows: ExportedRow[] = await this.database.run<ExportedRow>(statement, values);
      if (rows.length > 0) yield `${last === undefined ? '' : ','}\n${rows.map(entry).join(',\n')}`;
      last = rows.length === PAGE ? rows.at(-1) : undefined;
    } while (last !== undefined);
    yield ']';
  }

  private async demandLiving(sessionId: string, userId: string): Promise<void> {
    if ((await this.liveness.find(sessionId, userId)) !== undefined) return;
    throw new AppError(tokenErrors.token_invalid, { reason: 'the session has ended' });
  }
}

function entry({ afterAt: _at, afterId: _id, ...fields }: ExportedRow): string {
  return JSON.stringify(fields);
}
