// Wrong passwords are counted twice: for what was typed, whoever has it (the budget of `keyOf`, by login.sql.ts before the password is
// looked at), and on the account (`record`, after it was).
import { Injectable } from '@nestjs/common';
import type { AuditEventName } from '../../audit/audit.types';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';
import { KeyedDigest } from '../../platform/crypto/keyed-digest';
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
    private readonly digests: KeyedDigest,
  ) {}

  /** Of a phone or an address, or of whatever was typed in their place: key of its row of failure_budgets. Whoever forgives or deletes that row asks here too. */
  keyOf(name: string): string {
    return `password:${this.digests.digest('identifier', name).toString('base64url')}`;
  }

  /** @param event what it is recorded as. @throws AppError overloaded, not_ready */
  async record({ userId, sessionId, evaluated }: Failure, event: AuditEventName): Promise<void> {
    const { requestId, address } = this.context;
    const facts = { now: this.clock.now(), noticeId: this.random.uuid(), requestId, address };
    await this.database.run(
      ...recordPasswordFailure.with({ userId, sessionId: sessionId ?? null, evaluated, event, ...facts }),
    );
  }
}
