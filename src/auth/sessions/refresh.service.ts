// Renews a session. One statement rotates its token; when it does not, another says why. The new tokens are made from the returned row
// alone. auth_time, amr and acr stay those of the sign-in or the last step-up; a refresh never renews them (design section 2). A text that
// is no token of ours costs no query.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import type { TokenDelivery } from '../../otp/otp.types';
import { Clock } from '../../platform/clock/clock';
import { after, secondsUntil } from '../../platform/time/seconds';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { tokenErrors } from '../../platform/errors/token.errors';
import { Random } from '../../platform/random/random';
import { RequestContext } from '../../platform/request/request-context';
import { AccessTokensService } from '../tokens/access-tokens.service';
import { RefreshSuccessor } from './refresh-successor.algorithm';
import { RefreshTokens } from './refresh-token.algorithm';
import { type JudgedRow, judgeToken, type RefreshParameters, type RenewedRow, rotateToken } from './refresh.sql';
import { SessionLivenessService } from './session-liveness.service';
import { SessionsConfig } from './sessions.config';
import { sessionErrors } from './sessions.errors';
import type { PresentedRefresh } from './refresh-carrier.service';
import { deliver, type DeliveredTokens } from './token-delivery';

/** Tries of one refresh. More than one is needed only when all other sessions were ended between its two statements. */
const TURNS = 5;

@Injectable()
export class RefreshService {
  private readonly rotate;
  private readonly judge;

  constructor(
    private readonly database: Database,
    private readonly refreshTokens: RefreshTokens,
    private readonly successors: RefreshSuccessor,
    private readonly accessTokens: AccessTokensService,
    private readonly liveness: SessionLivenessService,
    private readonly config: SessionsConfig,
    private readonly context: RequestContext,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {
    const { windows } = config.LIMIT_REFRESH_FAMILY;
    this.rotate = rotateToken(windows);
    this.judge = judgeToken(windows);
  }

  /** @throws AppError token_invalid, refresh_reused, refresh_raced, rate_limited, overloaded, not_ready */
  async refresh({ token: presented, carrier }: PresentedRefresh): Promise<DeliveredTokens> {
    const parts = this.refreshTokens.read(presented);
    if (parts === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'never was a refresh token' });
    // Before the token is used up: a retry after 10 s would count as reuse, and end the session.
    await this.accessTokens.ready();
    const now = this.clock.now();
    const { id: sessionId, generation, digest: presentedDigest } = parts;
    const next = this.refreshTokens.create(sessionId, generation + 1);
    const parameters: RefreshParameters = {
      sessionId,
      generation,
      carrier,
      presentedDigest,
      successorDigest: next.digest,
      successorSealed: this.successors.seal(next.token, presented, parts),
      now,
      idleExpiresAt: after(now, this.config.idleSeconds),
      userAgent: this.context.userAgent,
      address: this.context.address,
      requestId: this.context.requestId,
    };
    // Another turn is needed when the token turned out to be current: while the first statement waited, the account's other sessions were
    // ended. By the next turn, another tab may have rotated the token, or the other sessions may have been ended once more.
    for (let turn = 1; ; turn += 1) {
      const [renewed] = await this.database.run<RenewedRow>(...this.rotate.with(parameters));
      if (renewed !== undefined) return this.tokens(carrier, renewed, next.token, now);
      const judgement = this.judge.with({ ...parameters, noticeId: this.random.uuid() });
      const [judged] = await this.database.run<JudgedRow>(...judgement);
      if (judged?.outcome !== 'current' || turn === TURNS) return this.afterJudgement(judged, presented, parameters);
    }
  }

  private async afterJudgement(
    row: JudgedRow | undefined,
    presented: string,
    { sessionId, generation, carrier, now }: RefreshParameters,
  ): Promise<DeliveredTokens> {
    if (row === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'the session has ended' });
    switch (row.outcome) {
      case 'grace': {
        const successor = this.successors.open(row.sealed ?? Buffer.alloc(0), presented, { id: sessionId, generation });
        return this.tokens(carrier, row, successor, now);
      }
      case 'reused':
        this.liveness.forget(sessionId);
        throw new AppError(sessionErrors.refresh_reused, { meta: { sessionId, generation } });
      case 'raced':
      case 'current':
        throw new AppError(sessionErrors.refresh_raced);
      case 'limited':
        throw limited(row, now);
    }
  }

  private async tokens(carrier: TokenDelivery, row: RenewedRow, refreshToken: string, now: Date) {
    const answer = await this.accessTokens.answer(row, row);
    return deliver(carrier, answer, refreshToken, secondsUntil(row.endsAt, now));
  }
}

function limited({ allowedAt }: JudgedRow, now: Date): AppError {
  const retryAfterSeconds = Math.max(1, allowedAt === null ? 1 : secondsUntil(allowedAt, now));
  return new AppError(platformErrors.rate_limited, { reason: 'LIMIT_REFRESH_FAMILY is spent', retryAfterSeconds });
}
