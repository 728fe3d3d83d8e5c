import { Injectable } from '@nestjs/common';
import type { AuditEventName } from '../../audit/audit.types';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';
import { Random } from '../../platform/random/random';
import { RequestContext } from '../../platform/request/request-context';
import { recordPasswordFailure } from './password-failure.sql';

interface Failure {
  /** Null for a name that nobody has. */
  readonly userId: string | null;
  /** Of whoever is signed in. */
  readonly sessionId?: string;
  /** False when the password was not looked at, and so does not count. */
  readonly evaluated: boolean;
}

/** Wrong passwords of accounts. A hundred in a row disable the password until it is reset, and its owner is told once. */
@Injectable()
export class PasswordFailures {
  constructor(
    private readonly database: Database,
    private readonly context: RequestContext,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** @param event what it is recorded as. @throws AppError overloaded, not_ready */
  async record({ userId, sessionId, evaluated }: Failure, event: AuditEventName): Promise<void> {
    const { requestId, address } = this.context;
    const facts = { now: this.clock.now(), noticeId: this.random.uuid(), requestId, address };
    await this.database.run(
      ...recordPasswordFailure.with({ userId, sessionId: sessionId ?? null, evaluated, event, ...facts }),
    );
  }
}
