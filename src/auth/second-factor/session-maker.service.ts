// Prepares the session that a verify statement may make, and once it has, the tokens. All that is random exists before the outcome is known.
import { Injectable } from '@nestjs/common';
import type { TokenDelivery } from '../../otp/otp.types';
import { Clock } from '../../platform/clock/clock';
import { after } from '../../platform/time/seconds';
import { Random } from '../../platform/random/random';
import { RequestContext } from '../../platform/request/request-context';
import type { UserAccount } from '../../users/users.types';
import { RefreshTokens } from '../sessions/refresh-token.algorithm';
import { SessionSurplus } from '../sessions/session-surplus.service';
import { SessionsConfig } from '../sessions/sessions.config';
import type { SessionParameters } from '../sessions/sessions.sql';
import { deliver, type DeliveredTokens } from '../sessions/token-delivery';
import { AccessTokensService } from '../tokens/access-tokens.service';
import { attemptInstant } from './attempt-instant';
import type { TokensResponse } from '../tokens/tokens.response';

export interface NewSession {
  readonly parameters: SessionParameters;
  readonly refreshToken: string;
  /** The attempt's instant with random microseconds (protocol.md 5): it names this attempt among all failures. */
  readonly instant: string;
  readonly at: Date;
}

@Injectable()
export class SessionMaker {
  constructor(
    private readonly refreshTokens: RefreshTokens,
    private readonly accessTokens: AccessTokensService,
    private readonly surplus: SessionSurplus,
    private readonly config: SessionsConfig,
    private readonly context: RequestContext,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** @param amr of the method that is presented. @throws AppError not_ready while no token could be signed: a right code must not be used up for nothing */
  async prepare(amr: readonly string[]): Promise<NewSession> {
    await this.accessTokens.ready();
    return this.draft(amr);
  }

  /** The same for a code that gives no tokens. */
  draft(amr: readonly string[] = []): NewSession {
    const at = this.clock.now();
    const sessionId = this.random.uuid();
    const { token, digest } = this.refreshTokens.create(sessionId, 0);
    const parameters = {
      sessionId,
      refreshDigest: digest,
      sessionExpiresAt: after(at, this.config.absoluteSeconds),
      sessionIdleExpiresAt: after(at, this.config.idleSeconds),
      amr,
      userAgent: this.context.userAgent,
    };
    return { parameters, refreshToken: token, instant: attemptInstant(at, this.random), at };
  }

  instant(): string {
    return attemptInstant(this.clock.now(), this.random);
  }

  async tokens(
    { parameters, refreshToken, at }: NewSession,
    account: UserAccount & { clientId: string; otherSessions: number | null; tokenDelivery: TokenDelivery },
  ): Promise<DeliveredTokens> {
    const answer = await this.answer(account, parameters.sessionId, { parameters, at });
    await this.surplus.end(account.id, account.otherSessions);
    return deliver(account.tokenDelivery, { ...answer, refreshToken, refreshExpiresIn: this.config.idleSeconds });
  }

  /** A new access token for the session that a step-up has renewed; its refresh token goes on as it is. */
  renewed(
    made: NewSession,
    account: UserAccount & { clientId: string; sessionId?: string | null },
  ): Promise<TokensResponse> {
    return this.answer(account, account.sessionId ?? made.parameters.sessionId, made);
  }

  private answer(
    account: UserAccount & { clientId: string },
    sessionId: string,
    { parameters: { amr }, at: authenticatedAt }: Pick<NewSession, 'parameters' | 'at'>,
  ): Promise<TokensResponse> {
    return this.accessTokens.answer(account, { sessionId, authenticatedAt, amr });
  }
}
