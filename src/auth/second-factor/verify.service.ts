// Takes the code of a registration, login or step-up, and gives tokens; also that of a trusted device, when the person asks for it.
import { Injectable } from '@nestjs/common';
import { Challenges } from '../../otp/challenges.service';
import type { Method } from '../../otp/otp.types';
import type { BrowserFacts } from '../../platform/request/browser.decorator';
import { RequestContext } from '../../platform/request/request-context';
import { FailureThrottle } from '../../throttling/failure-throttle.service';
import { BrowserOrigin } from '../sessions/browser-origin.service';
import { SessionLivenessService } from '../sessions/session-liveness.service';
import { deliverDevice, type DeliveredTokens } from '../sessions/token-delivery';
import { TrustedDevices } from '../trusted-devices/trusted-devices.service';
import { CodeVerification } from './code-verification.service';
import { SecondFactorMethods } from './methods.service';
import type { VerifyRequest } from './second-factor.request';
import { type NewSession, SessionMaker } from './session-maker.service';
import type { VerifyRow } from './verify.types';

@Injectable()
export class VerifyService {
  constructor(
    private readonly codes: CodeVerification,
    private readonly challenges: Challenges,
    private readonly methods: SecondFactorMethods,
    private readonly sessions: SessionMaker,
    private readonly devices: TrustedDevices,
    private readonly browsers: BrowserOrigin,
    private readonly liveness: SessionLivenessService,
    private readonly throttle: FailureThrottle,
    private readonly context: RequestContext,
  ) {}

  /** @throws AppError token_type_invalid, not_ready, and as CodeVerification.accept */
  async verify({ challengeToken, ...request }: VerifyRequest, browser: BrowserFacts): Promise<DeliveredTokens> {
    const { code } = request;
    const method = request.method ?? 'sms';
    const challenge = this.challenges.parse(challengeToken, 'register', 'login', 'step_up');
    const cookieWelcome = await this.browsers.isWelcome(browser);
    const session = await this.sessions.prepare(this.methods[method].amr);
    const row = await this.codes.accept({ challenge, code, method, session, cookieWelcome });
    if (challenge.purpose === 'register') await this.throttle.registered(this.context.address);
    if (challenge.purpose === 'step_up') return { body: await this.sessions.renewed(session, row), cookies: [] };
    const tokens = await this.signedIn(session, row, method);
    if (request.trustDevice !== true) return tokens;
    const device = await this.devices.trust(row.id, session.parameters.sessionId);
    return device === undefined ? tokens : deliverDevice(row.tokenDelivery, tokens, device);
  }

  private async signedIn(session: NewSession, row: VerifyRow, method: Method): Promise<DeliveredTokens> {
    if (method !== 'recovery_code') return this.sessions.tokens(session, row);
    // The statement has ended every other session of the account.
    this.liveness.forgetUser(row.id);
    const tokens = await this.sessions.tokens(session, row);
    return { ...tokens, body: { ...tokens.body, recoveryCodesLeft: row.recoveryCodesLeft } };
  }
}
