// Registration: refuse what can be refused without looking at any account, hash, then one statement that decides the rest (design D1).
import { Injectable } from '@nestjs/common';
import { ChallengeView } from '../../otp/challenge-view.service';
import type { ChallengeResponse } from '../../otp/challenge.types';
import { Challenges } from '../../otp/challenges.service';
import { PasswordHasher } from '../../platform/crypto/password-hasher';
import { AppError } from '../../platform/errors/app-error';
import { phoneErrors } from '../../platform/phone/phone.errors';
import { Random } from '../../platform/random/random';
import { ClientsService } from '../clients/clients.service';
import { IssuePolicyService } from '../issue-policy.service';
import { PasswordRulesService } from '../password/password-rules.service';
import { issueRegistration } from './register.sql';
import type { RegisterRequest } from './register.request';

@Injectable()
export class RegisterService {
  constructor(
    private readonly challenges: Challenges,
    private readonly view: ChallengeView,
    private readonly passwords: PasswordRulesService,
    private readonly hasher: PasswordHasher,
    private readonly random: Random,
    private readonly policy: IssuePolicyService,
    private readonly clients: ClientsService,
  ) {}

  /** @throws AppError validation_failed, phone_not_supported, password_*, overloaded, rate_limited, sms_budget_exhausted: none depends on whether the number is taken */
  async register(request: RegisterRequest): Promise<ChallengeResponse> {
    const clientId = await this.clients.demandNamed(request.clientId ?? undefined);
    const phone = this.policy.phone(request.phone);
    if (phone === undefined) throw new AppError(phoneErrors.phone_not_supported);
    await this.passwords.demandAcceptable(request.password, { phone, pointer: '/password' });
    const passwordHash = await this.hasher.hash(request.password);
    const challenge = this.challenges.create('register');
    const parameters = {
      ...this.challenges.issueParameters({
        challenge,
        subjectId: this.random.uuid(),
        phone: phone.e164,
        locale: request.locale ?? null,
        clientId,
        deviceName: request.deviceName ?? null,
        tokenDelivery: request.tokenDelivery ?? undefined,
      }),
      budgetKey: this.challenges.budgetKey('register', phone.e164),
      passwordHash,
      email: request.email ?? null,
      displayName: request.displayName ?? null,
    };
    const { resendAt } = this.policy.granted(await this.policy.issue(issueRegistration.with(parameters)));
    return this.view.ofNew(challenge, phone.e164, resendAt);
  }
}
