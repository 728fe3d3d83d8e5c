// Prepares the session that a verify statement may make; after the statement has made it, makes its tokens. All random values exist before
// the outcome is known.
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
  /** The attempt's instant with random microseconds, by which it can be told from all other failures (protocol.md 5). */
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

  /**
   * @param amr of the presented method.
   * @throws AppError not_ready while no token could be signed, so that a right code is not used up for nothing
   */
  async prepare(amr: readonly string[]): Promise<NewSession> {
    await this.accessTokens.ready();
    return this.draft(amr);
  }

  /** The same for a code after which no tokens are given. */
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
    return deliver(account.tokenDelivery, answer, refreshToken, this.config.idleSeconds);
  }

  /** A new access token for a session that a step-up has renewed. Its refresh token stays the same. */
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
