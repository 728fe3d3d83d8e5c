// Deletes the account of the person who is signed in (account-deletion.sql.ts). Then this instance forgets the sessions of the account; the other
// instances do within 5 s. The statement needs digests of the number and the e-mail address, which are computed here from the account as it
// was read. If the account changes between reading and deleting, nothing is deleted and the account is read once more.
import { Injectable } from '@nestjs/common';
import { PasswordAttempts } from '../../auth/password/password-attempts.service';
import { SessionLivenessService } from '../../auth/sessions/session-liveness.service';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';
import { AppError } from '../../platform/errors/app-error';
import { tokenErrors } from '../../platform/errors/token.errors';
import { Random } from '../../platform/random/random';
import type { Actor } from '../../platform/request/actor';
import { RequestContext } from '../../platform/request/request-context';
import { DeletedAccounts } from '../../users/deleted-accounts.service';
import { UsersService } from '../../users/users.service';
import type { UserAccount } from '../../users/users.types';
import { deleteAccount, type DeletedRow } from './account-deletion.sql';

const TRIES = 2;

@Injectable()
export class AccountDeletion {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly deleted: DeletedAccounts,
    private readonly liveness: SessionLivenessService,
    private readonly attempts: PasswordAttempts,
    private readonly context: RequestContext,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** @throws AppError token_invalid when the session has ended, and nothing was deleted; overloaded, not_ready */
  async delete(actor: Actor): Promise<DeletedRow> {
    for (let tried = 0; tried < TRIES; tried += 1) {
      const account = await this.users.find(actor.userId);
      const row = account === undefined ? undefined : await this.attempt(actor, account);
      if (row === undefined) continue;
      this.liveness.forgetUser(actor.userId);
      return row;
    }
    throw new AppError(tokenErrors.token_invalid, { reason: 'the session or the account has ended' });
  }

  private async attempt({ userId, sessionId }: Actor, account: UserAccount): Promise<DeletedRow | undefined> {
    const { phone, email, emailVerifiedAt } = account;
    const names = [phone, emailVerifiedAt === null ? null : email].filter((name) => name !== null);
    const { requestId, address } = this.context;
    const bound = deleteAccount.with({
      userId,
      sessionId,
      phone,
      phoneDigest: phone === null ? null : this.deleted.digest(phone),
      failuresKeys: [...names.map((name) => this.attempts.keyOf(name)), this.attempts.keyInSessions(userId)],
      now: this.clock.now(),
      requestId,
      address,
      noticeId: this.random.uuid(),
    });
    const [row] = await this.database.run<DeletedRow>(...bound);
    return row;
  }
}
