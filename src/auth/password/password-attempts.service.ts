// Attempts at passwords. Each is counted for what was typed, whoever has it, before the password is looked at (the budget of `keyOf`, by
// password-attempts.sql.ts); a wrong one on the account as well, after it was. A hundred of those in a row disable the password until it is reset, and
// its owner is told once.
import { Injectable } from '@nestjs/common';
import type { AuditEventName } from '../../audit/audit.types';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';
import { KeyedDigest } from '../../platform/crypto/keyed-digest';
import { PasswordHasher, type PasswordVerdict } from '../../platform/crypto/password-hasher';
import { Random } from '../../platform/random/random';
import { RequestContext } from '../../platform/request/request-context';
import { giveAttemptBack } from './password-attempts.sql';
import { recordPasswordFailure } from './password-failure.sql';

interface Failure {
  /** Null for a name that nobody has. */
  readonly userId: string | null;
  /** Of whoever is signed in. */
  readonly sessionId?: string;
  /** False when the password was not looked at, and so does not count. */
  readonly evaluated: boolean;
}

@Injectable()
export class PasswordAttempts {
  constructor(
    private readonly database: Database,
    private readonly hasher: PasswordHasher,
    private readonly context: RequestContext,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly digests: KeyedDigest,
  ) {}

  /** Of a phone or an address, or of whatever was typed in their place: key of its row of failure_budgets. Whoever forgives or deletes that row asks here too. */
  keyOf(name: string): string {
    return `password:${this.digests.text('identifier', name)}`;
  }

  /**
   * @param stored null where there is no account, or none whose password counts: the same work, never ok (A54)
   * @param counted key of the budget in which the attempt was counted; null when it was not
   * @throws AppError overloaded, not_ready: nobody looked at the password then
   */
  async judge(password: string, stored: string | null, counted: string | null): Promise<PasswordVerdict> {
    try {
      return await this.hasher.verify(password, stored);
    } catch (error) {
      // Or a flood of logins would delay the owner.
      if (counted !== null) await this.giveBack(counted);
      throw error;
    }
  }

  /** Of an attempt that was counted and was no wrong password. @throws AppError overloaded, not_ready */
  async giveBack(key: string): Promise<void> {
    await this.database.run(giveAttemptBack, [key]);
  }

  /** A wrong password. @param event what it is recorded as. @throws AppError overloaded, not_ready */
  async recordFailure({ userId, sessionId, evaluated }: Failure, event: AuditEventName): Promise<void> {
    const { requestId, address } = this.context;
    const facts = { now: this.clock.now(), noticeId: this.random.uuid(), requestId, address };
    await this.database.run(
      ...recordPasswordFailure.with({ userId, sessionId: sessionId ?? null, evaluated, event, ...facts }),
    );
  }
}
