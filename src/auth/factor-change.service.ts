// Runs the statement of a factor change for the person who is signed in (factor-change.sql.ts). Then this instance forgets the sessions that ended
// with it; the others do within 5 s.
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service';
import type { Statement } from '../database/sql';
import { Clock } from '../platform/clock/clock';
import { AppError } from '../platform/errors/app-error';
import { tokenErrors } from '../platform/errors/token.errors';
import { Random } from '../platform/random/random';
import type { Actor } from '../platform/request/actor';
import { RequestContext } from '../platform/request/request-context';
import type { NoticeParameters } from '../notices/notices.sql';
import type { FactorChangeParameters } from './factor-change.sql';
import { SessionLivenessService } from './sessions/session-liveness.service';

@Injectable()
export class FactorChange {
  constructor(
    private readonly database: Database,
    private readonly liveness: SessionLivenessService,
    private readonly context: RequestContext,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** @throws AppError token_invalid when the session has ended, and nothing has changed; overloaded, not_ready */
  async run<Row>(
    { userId, sessionId }: Actor,
    bind: (facts: FactorChangeParameters & NoticeParameters) => [Statement, unknown[]],
  ): Promise<Row> {
    const { requestId, address } = this.context;
    const noticeId = this.random.uuid();
    const bound = bind({ userId, sessionId, now: this.clock.now(), requestId, address, noticeId });
    const [row] = await this.database.run<Row>(...bound);
    if (row !== undefined) return row;
    // If the session got a new epoch while the statement waited for the account, it looks ended. A second run sees the new epoch; a session that has
    // really ended looks ended again.
    const [again] = await this.database.run<Row>(...bound);
    if (again === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'the session has ended' });
    return again;
  }

  /** To be called after the account's epoch was raised. */
  committed({ userId }: Actor): void {
    this.liveness.forgetUser(userId);
  }
}
