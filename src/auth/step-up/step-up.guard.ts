// Opens a sensitive route (@StepUp) only to a person who has just proved both factors. Runs after the access guard, which says who it is.
// After a reset by SMS alone, a change must wait as well. Both are decided before the route's own statement. If a reset comes in between,
// that statement finds the session ended.
import { CanActivate, ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';
import { Clock } from '../../platform/clock/clock';
import { AppError } from '../../platform/errors/app-error';
import { type Actor, actorOf } from '../../platform/request/actor';
import { type SensitiveKind, sensitiveKind } from '../../platform/request/step-up.decorator';
import { StepUpConfig } from './step-up.config';
import { stepUpErrors } from './step-up.errors';
import { FRESH_SECONDS, heldForSeconds, isFresh } from './step-up.policy';

const recovered = statement('step_up_recovered_at', 'SELECT recovered_at AS "recoveredAt" FROM users WHERE id = $1');

/** For clients that know RFC 9470 but not our codes. */
const CHALLENGE = `Bearer error="insufficient_user_authentication", max_age="${FRESH_SECONDS}"`;

@Injectable()
export class StepUpGuard implements CanActivate {
  constructor(
    private readonly database: Database,
    private readonly config: StepUpConfig,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError step_up_required, recently_recovered, overloaded, not_ready; Error when nobody was authenticated, a mistake in our own code */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const kind = sensitiveKind(context);
    return kind === undefined || this.demandProof(kind, context);
  }

  private async demandProof(kind: SensitiveKind, context: ExecutionContext): Promise<boolean> {
    const actor = actorOf(context.switchToHttp().getRequest<FastifyRequest>());
    if (actor === undefined) throw new Error('@StepUp() on a route without an authenticated caller');
    if (!isFresh(actor, this.clock.now())) {
      void context.switchToHttp().getResponse<FastifyReply>().header('WWW-Authenticate', CHALLENGE);
      throw new AppError(stepUpErrors.step_up_required);
    }
    if (kind === 'change') await this.demandSettled(actor);
    return true;
  }

  private async demandSettled({ userId }: Actor): Promise<void> {
    const [row] = await this.database.run<{ recoveredAt: Date | null }>(recovered, [userId]);
    const held = heldForSeconds(row?.recoveredAt ?? null, this.config.RECOVERY_HOLD_HOURS, this.clock.now());
    if (held > 0) throw new AppError(stepUpErrors.recently_recovered, { retryAfterSeconds: held });
  }
}
