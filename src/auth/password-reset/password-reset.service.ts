// Takes the code and the new password. The code is judged and used up first. Then the password is hashed, in a login flood too, and put in
// place unless the account has changed meanwhile (protocol.md 4). If the process ends in between, the old password stays and the codes are
// used up (F26). An account with an app or recovery codes needs one of those codes as well (ADR 41), and one with a proved address the code
// that was mailed there. A reset signs nobody in (A71).
import { Injectable } from '@nestjs/common';
import { handleWhen, retry } from 'cockatiel';
import { Database } from '../../database/database.service';
import { Challenges } from '../../otp/challenges.service';
import { otpErrors } from '../../otp/otp.errors';
import { accountMessagesKey, type ChallengeToken } from '../../otp/otp.types';
import { Clock } from '../../platform/clock/clock';
import { PasswordHasher } from '../../platform/crypto/password-hasher';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { PhoneNumber } from '../../platform/phone/phone-number';
import { Random } from '../../platform/random/random';
import { RequestContext } from '../../platform/request/request-context';
import { PasswordAttempts } from '../password/password-attempts.service';
import { PasswordRulesService } from '../password/password-rules.service';
import { CodeVerification } from '../second-factor/code-verification.service';
import { SessionMaker } from '../second-factor/session-maker.service';
import type { FurtherCodes } from '../second-factor/verify.types';
import { SessionLivenessService } from '../sessions/session-liveness.service';
import type { PasswordResetRequest } from './password-reset.request';
import { applyReset } from './password-reset.sql';

/**
 * The code is used up, so the password is put in place even while connections are scarce. Tried again only where nothing was written: overloaded
 * is a connection that did not come free, or a statement that was rolled back. Three tries take 15 s at most; after the longest wait for the hash
 * that is more than is left of the 30 s, and then the statement refuses.
 */
const tries = retry(
  handleWhen((error) => error instanceof AppError && error.definition === platformErrors.overloaded),
  { maxAttempts: 2 },
);

@Injectable()
export class PasswordResetService {
  constructor(
    private readonly database: Database,
    private readonly challenges: Challenges,
    private readonly codes: CodeVerification,
    private readonly sessions: SessionMaker,
    private readonly rules: PasswordRulesService,
    private readonly hasher: PasswordHasher,
    private readonly attempts: PasswordAttempts,
    private readonly liveness: SessionLivenessService,
    private readonly context: RequestContext,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /**
   * @throws AppError token_*, validation_failed, password_*, code_*, challenge_locked, second_factor_locked, second_factor_required,
   * provider_unavailable, rate_limited, 503s
   */
  async reset(request: PasswordResetRequest): Promise<void> {
    const { challengeToken, code, newPassword } = request;
    const challenge = this.challenges.parse(challengeToken, 'reset');
    // Before the code, so that a password which is refused uses up no code.
    const phone = await this.shownPhone(challenge);
    await this.rules.demandAcceptable(newPassword, { ...(phone && { phone }), pointer: '/newPassword' });
    const session = this.sessions.draft();
    const {
      challengeId,
      id,
      phone: own,
      email,
      byCodeAlone = true,
    } = await this.codes.accept({
      challenge,
      code,
      method: 'sms',
      session,
      cookieWelcome: true,
      furtherCodes: furtherCodesOf(request),
    });
    const { requestId, address } = this.context;
    const bound = applyReset.with({
      challengeId,
      byCodeAlone,
      passwordHash: await this.hasher.hashOwed(newPassword),
      failuresKeys: [...[own, email].map((name) => this.attempts.keyOf(name ?? '')), this.attempts.keyInSessions(id)],
      messagesKey: accountMessagesKey(id),
      now: this.clock.now(),
      noticeId: this.random.uuid(),
      requestId,
      address,
    });
    const applied = await tries.execute(() => this.database.run(...bound));
    this.liveness.forgetUser(id);
    if (applied.length === 0) throw new AppError(otpErrors.code_expired, { reason: 'the account changed meanwhile' });
  }

  /** For a decoy as well: then it is the number that was typed. */
  private async shownPhone(challenge: ChallengeToken): Promise<PhoneNumber | undefined> {
    const { phoneShown, phone } = await this.challenges.demand(challenge);
    return phoneShown ? PhoneNumber.parse(phone, { countries: 'all' }) : undefined;
  }
}

function furtherCodesOf({ totpCode, recoveryCode, emailCode }: PasswordResetRequest): FurtherCodes {
  return {
    ...(emailCode && { email: emailCode }),
    ...(totpCode && { totp: totpCode }),
    ...(recoveryCode && { recovery_code: recoveryCode }),
  };
}
