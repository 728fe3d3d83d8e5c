// Renews a session: one statement does it, another says why it did not; then tokens are made from the row alone. auth_time, amr and
// acr are those of the sign-in or of the last step-up; a refresh never renews them (design section 2). A token that never was ours
// costs no query.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { tokenErrors } from '../../platform/errors/token.errors';
import { Random } from '../../platform/random/random';
import { RequestContext } from '../../platform/request/request-context';
import { AccessTokensService } from '../tokens/access-tokens.service';
import { RefreshSuccessor } from './refresh-successor.algorithm';
import { RefreshTokens } from './refresh-token.algorithm';
import { judgeToken, type RefreshParameters, type RefreshRow, rotateToken } from './refresh.sql';
import { SessionLivenessService } from './session-liveness.service';
import { SessionsConfig } from './sessions.config';
import { sessionErrors } from './sessions.errors';
import type { PresentedRefresh } from './refresh-carrier.service';
import { deliver, type DeliveredTokens } from './token-delivery';

/** So often a refresh is tried anew; each time takes an ending of all other sessions between two statements of it. */
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
    const parts = this.refreshTokens.parse(presented);
    if (parts === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'never was a refresh token' });
    const now = this.clock.now();
    const { sessionId, generation, digest: presentedDigest } = parts;
    const next = this.refreshTokens.create(sessionId, generation + 1);
    const row = await this.decide({
      sessionId,
      generation,
      carrier,
      presentedDigest,
      successorDigest: next.digest,
      successorSealed: this.successors.seal(next.token, presented, parts),
      now,
      idleExpiresAt: new Date(now.getTime() + this.config.idleSeconds * 1000),
      userAgent: this.context.userAgent,
      address: this.context.address,
      requestId: this.context.requestId,
      noticeId: this.random.uuid(),
    });
    if (row === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'the session has ended' });
    switch (row.outcome) {
      case 'rotated':
        return deliver(carrier, await this.tokens(row, next.token, now));
      case 'grace':
        return deliver(
          carrier,
          await this.tokens(row, this.successors.open(row.sealed ?? Buffer.alloc(0), presented, parts), now),
        );
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

  // Rotated again when nothing is in its way any more: the account's other sessions have ended while the first statement waited. By then
  // the other of two tabs may have rotated it, or the others have ended once more.
  private async decide(parameters: RefreshParameters): Promise<RefreshRow | undefined> {
    for (let turn = 1; ; turn += 1) {
      const [rotated] = await this.database.run<RefreshRow>(...this.rotate.with(parameters));
      if (rotated !== undefined) return rotated;
      const [judged] = await this.database.run<RefreshRow>(...this.judge.with(parameters));
      if (judged?.outcome !== 'current' || turn === TURNS) return judged;
    }
  }

  private async tokens(row: RefreshRow, refreshToken: string, now: Date) {
    const answer = await this.accessTokens.answer(row, row);
    return { ...answer, refreshToken, refreshExpiresIn: secondsBetween(now, row.endsAt) };
  }
}

function limited({ allowedAt }: RefreshRow, now: Date): AppError {
  const retryAfterSeconds = Math.max(1, allowedAt === null ? 1 : secondsBetween(now, allowedAt));
  return new AppError(platformErrors.rate_limited, { reason: 'LIMIT_REFRESH_FAMILY is spent', retryAfterSeconds });
}

function secondsBetween(from: Date, to: Date): number {
  return Math.ceil((to.getTime() - from.getTime()) / 1000);
}
