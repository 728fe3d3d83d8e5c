// Limits on costly things that the owner of an account may ask for: sets of recovery codes, exports. Taken before the work is done, and exact
// on any number of instances.
import { Injectable } from '@nestjs/common';
import type { Limit } from '../config/limit';
import { Database } from '../database/database.service';
import { takeHits, type TakeHitsRow } from '../limits/take-hits.sql';
import { countedHit } from '../limits/limits.sql';
import { Clock } from '../platform/clock/clock';
import { AppError } from '../platform/errors/app-error';
import { platformErrors } from '../platform/errors/platform.errors';

@Injectable()
export class AccountLimits {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** @param what the beginning of the counter's key. @throws AppError rate_limited, overloaded, not_ready */
  async take(what: string, userId: string, limit: Limit): Promise<void> {
    const wanted = JSON.stringify([countedHit(`${what}:${userId}`, limit)]);
    const [row] = await this.database.run<TakeHitsRow>(...takeHits.with({ wanted, now: this.clock.now() }));
    if (row?.granted === true) return;
    const retryAfterSeconds = Math.max(1, Math.ceil(row?.retryAfterSeconds ?? 1));
    throw new AppError(platformErrors.rate_limited, { retryAfterSeconds, reason: `${what} of an account` });
  }
}
