// Takes the code of a change that was asked for in a session (of number or address); it must be entered in that session. What a right code
// does is told by its purpose (verify-phone-change.sql.ts, verify-email-change.sql.ts). It ends all other sessions of the account.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';
import { Challenges } from '../../otp/challenges.service';
import type { Method, Purpose } from '../../otp/otp.types';
import { AppError } from '../../platform/errors/app-error';
import { tokenErrors } from '../../platform/errors/token.errors';
import type { Actor } from '../../platform/request/actor';
import type { UserAccount } from '../../users/users.types';
import { SessionLivenessService } from '../sessions/session-liveness.service';
import { CodeVerification } from './code-verification.service';
import { SessionMaker } from './session-maker.service';

/** $1 digest of the token, $2 user id, $3 session id; columns that never change. One row when the challenge was asked for in that session. */
const ownChallenge = statement(
  'session_own_challenge',
  'SELECT id FROM otp_attempts WHERE token_digest = $1 AND subject_id = $2 AND session_id = $3',
);

interface Entered {
  readonly purpose: Purpose;
  /** The method of its code. */
  readonly method: Method;
  readonly challengeToken: string;
  readonly code: string;
}

@Injectable()
export class SessionCode {
  constructor(
    private readonly database: Database,
    private readonly challenges: Challenges,
    private readonly codes: CodeVerification,
    private readonly sessions: SessionMaker,
    private readonly liveness: SessionLivenessService,
  ) {}

  /** @throws AppError token_type_invalid, and as CodeVerification.accept */
  async accept({ userId, sessionId }: Actor, entered: Entered): Promise<UserAccount> {
    const { purpose, method, challengeToken, code } = entered;
    const challenge = this.challenges.parse(challengeToken, purpose);
    const own = await this.database.run(ownChallenge, [challenge.digest, userId, sessionId]);
    if (own.length === 0) throw new AppError(tokenErrors.token_invalid, { reason: 'no challenge of this session' });
    const session = this.sessions.draft();
    const account = await this.codes.accept({ challenge, method, code, session, cookieWelcome: true });
    this.liveness.forgetUser(userId);
    return account;
  }
}
