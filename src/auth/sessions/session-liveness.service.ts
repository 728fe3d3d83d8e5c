// Whether the session of an access token still lives. A logout counts at once on this instance and within 5 s on the others (A38, A39).
// Only a yes is remembered, for at most 5 s of Clock; an error of the database never counts as a yes. Code that ends sessions must call
// forget or forgetUser after its commit: then a look that is under way is not remembered either.
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock';
import { latestUsed } from '../../platform/memory/latest-used';
import { Database } from '../../database/database.service';
import type { Sql } from '../../database/sql';
import type { UserAccount } from '../../users/users.types';
import { SESSION_LIVENESS } from './session-liveness.sql';

export interface LivingSession {
  /** The account, when the database was asked just now; accounts are not remembered. */
  readonly account?: UserAccount;
}

interface Alive {
  readonly userId: string;
  readonly since: number;
  readonly until: number;
}

const REMEMBERED_MILLISECONDS = 5000;
const REMEMBERED_SESSIONS = 10_000;
const remembered: LivingSession = {};

@Injectable()
export class SessionLivenessService {
  private readonly alive = latestUsed<Alive>(REMEMBERED_SESSIONS);
  private endings = 0;

  constructor(
    @Inject(Database) private readonly database: Sql,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns undefined when the session has ended or is not this user's.
   * @throws AppError overloaded or not_ready when the database cannot be asked
   */
  async find(sessionId: string, userId: string): Promise<LivingSession | undefined> {
    const now = this.clock.now();
    const at = now.getTime();
    const known = this.alive.get(sessionId);
    // Compares with `since` too, because a clock that was set back must not stretch the 5 s.
    if (known?.userId === userId && at >= known.since && at < known.until) return remembered;
    const endings = this.endings;
    const [row] = await this.database.run<UserAccount & { readonly endsAt: Date }>(SESSION_LIVENESS, [
      sessionId,
      userId,
      now,
    ]);
    if (row === undefined) {
      this.alive.delete(sessionId);
      return undefined;
    }
    const until = Math.min(at + REMEMBERED_MILLISECONDS, row.endsAt.getTime());
    if (endings === this.endings) this.alive.set(sessionId, { userId, since: at, until });
    return { account: row };
  }

  forget(sessionId: string): void {
    this.endings += 1;
    this.alive.delete(sessionId);
  }

  forgetUser(userId: string): void {
    this.endings += 1;
    for (const [sessionId, { userId: owner }] of this.alive.entries()) {
      if (owner === userId) this.alive.delete(sessionId);
    }
  }
}
