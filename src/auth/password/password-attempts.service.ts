// Counts attempts at passwords. Each counts for the identifier that was typed (`keyOf`), or in a session for those of the account (`keyInSessions`),
// before the password is checked (password-attempts.sql.ts). A wrong one counts for its account as well, after it was checked. A hundred of those in a row lock the password until
// it is reset, and its owner is told once.
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
  /** Null when no account has the identifier. */
  readonly userId: string | null;
  /** Of a person who is signed in. */
  readonly sessionId?: string;
  /** Of a person who is signed in: key of the name whose sign-ins it delays as well. */
  readonly nameKey?: string;
  /** False when the password was not checked; then it does not count. */
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

  /** Key of the row of failure_budgets for a phone, an address, or any other text. Statements that forgive or delete that row need the same key. */
  keyOf(name: string): string {
    return `password:${this.digests.text('identifier', name)}`;
  }

  /** Key of the row for all sessions of an account. Nothing that somebody types at a sign-in gives it. */
  keyInSessions(userId: string): string {
    return `password:sessions:${userId}`;
  }

  /**
   * @param stored null where there is no account, or none whose password may be used: it takes as long, and is never ok (A54)
   * @param counted key of the budget in which the attempt was counted; null when it was not counted
   * @throws AppError overloaded, not_ready; then the password was not checked
   */
  async judge(password: string, stored: string | null, counted: string | null): Promise<PasswordVerdict> {
    try {
      return await this.hasher.verify(password, stored);
    } catch (error) {
      // The password was not checked, so it must not count. Otherwise a flood of logins would delay the owner.
      if (counted !== null) await this.giveBack(counted);
      throw error;
    }
  }

  /** Takes back an attempt that was counted and was no wrong password. @throws AppError overloaded, not_ready */
  async giveBack(key: string): Promise<void> {
    await this.database.run(giveAttemptBack, [key]);
  }

  /** Records a wrong password and counts it for the account. @param event the audit event. @throws AppError overloaded, not_ready */
  async recordFailure({ userId, sessionId, nameKey, evaluated }: Failure, event: AuditEventName): Promise<void> {
    const { requestId, address } = this.context;
    const facts = { now: this.clock.now(), noticeId: this.random.uuid(), requestId, address };
    await this.database.run(
      ...recordPasswordFailure.with({
        userId,
        sessionId: sessionId ?? null,
        nameKey: nameKey ?? null,
        evaluated,
        event,
        ...facts,
      }),
    );
  }
}
