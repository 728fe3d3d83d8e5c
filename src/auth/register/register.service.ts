// Registration: refuses whatever can be refused without looking at an account, hashes the password, then runs one statement that decides
// the rest (design D1).
import { Injectable } from '@nestjs/common';
import { ChallengeView } from '../../otp/challenge-view.service';
import type { ChallengeResponse } from '../../otp/challenge-response.types';
import { Challenges } from '../../otp/challenges.service';
import { MessageChallenges } from '../../otp/message-challenges.service';
import { PasswordHasher } from '../../platform/crypto/password-hasher';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { phoneErrors } from '../../platform/phone/phone.errors';
import { Random } from '../../platform/random/random';
import { GateKeeper } from '../challenge-gate/gate-keeper.service';
import { ClientsService } from '../clients/clients.service';
import { Identifiers } from '../identifiers/identifiers.service';
import { Issuance } from '../issuance/issuance.service';
import { PasswordRulesService } from '../password/password-rules.service';
import { inviteErrors } from '../invites/invites.errors';
import { Invites } from '../invites/invites.service';
import { RegistrationConfig } from '../../config/registration.config';
import { IdleNumberConfig } from '../../config/idle-number.config';
import { issueRegistration } from './register.sql';
import type { RegisterRequest } from './register.request';

@Injectable()
export class RegisterService {
  constructor(
    private readonly challenges: Challenges,
    private readonly messages: MessageChallenges,
    private readonly view: ChallengeView,
    private readonly passwords: PasswordRulesService,
    private readonly hasher: PasswordHasher,
    private readonly random: Random,
    private readonly identifiers: Identifiers,
    private readonly issuance: Issuance,
    private readonly clients: ClientsService,
    private readonly invites: Invites,
    private readonly config: RegistrationConfig,
    private readonly idle: IdleNumberConfig,
    private readonly gate: GateKeeper,
  ) {}

  /**
   * @throws AppError gate_required, validation_failed, registration_closed, phone_not_supported, password_*, overloaded, rate_limited,
   * sms_budget_exhausted: none depends on whether the number is taken
   */
  async register(request: RegisterRequest): Promise<ChallengeResponse> {
    if (this.config.REGISTRATION === 'closed') throw new AppError(inviteErrors.registration_closed);
    const phone = this.identifiers.servedPhone(request.phone);
    if (phone === undefined) throw new AppError(phoneErrors.phone_not_supported);
    this.demandTerms(request);
    // After the cheap checks, so that a mistake in the form uses up no gate token; before everything else.
    await this.gate.demand('register', request.gateToken);
    const clientId = await this.clients.demandNamed(request.clientId ?? undefined);
    const inviteId = await this.invitation(request, phone.e164);
    await this.passwords.demandAcceptable(request.password, { phone, pointer: '/password' });
    const passwordHash = await this.hasher.hash(request.password);
    const challenge = this.challenges.create('register');
    const parameters = {
      ...this.messages.issueParameters({
        challenge,
        subjectId: this.random.uuid(),
        phone: phone.e164,
        locale: request.locale ?? null,
        clientId,
        deviceName: request.deviceName ?? null,
        tokenDelivery: request.tokenDelivery ?? undefined,
      }),
      budgetKey: this.challenges.budgetKey('register', phone.e164),
      idleDays: this.idle.PHONE_IDLE_DAYS,
      passwordHash,
      email: request.email ?? null,
      displayName: request.displayName ?? null,
      inviteId,
      termsVersion: request.termsVersion ?? null,
    };
    const { resendAt } = await this.issuance.issue(issueRegistration.with(parameters), phone.e164);
    return this.view.ofNew(challenge, phone.e164, resendAt);
  }

  /** A wrong invitation is told before any number is looked at. */
  private async invitation({ inviteToken }: RegisterRequest, phone: string): Promise<string | null> {
    return this.config.REGISTRATION === 'invite' ? this.invites.demandGood(inviteToken, phone) : null;
  }

  /** Where the server has terms, their present version must be accepted. */
  private demandTerms({ termsVersion }: RegisterRequest): void {
    const { TERMS_VERSION: current } = this.config;
    if (current === undefined || termsVersion === current) return;
    const code = termsVersion === undefined || termsVersion === null ? 'required' : 'not_current';
    throw new AppError(platformErrors.validation_failed, { errors: [{ pointer: '/termsVersion', code }] });
  }
}
