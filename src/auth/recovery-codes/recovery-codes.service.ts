// Sets of recovery codes: made on request, shown once, kept as hashes (RC-G). Their use is a sign-in (methods/recovery-code.method.ts).
import { Injectable } from '@nestjs/common';
import { Limit } from '../../config/limit';
import { Database } from '../../database/database.service';
import { claimHits, type ClaimRow } from '../../limits/claim.sql';
import { wantedHit } from '../../limits/limits.sql';
import { Clock } from '../../platform/clock/clock';
import { PasswordHasher } from '../../platform/crypto/password-hasher';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { Random } from '../../platform/random/random';
import type { Actor } from '../../platform/request/actor';
import { FactorChange } from '../factor-change.service';
import { canonicalRecoveryCode, newRecoveryCodes } from './recovery-code.algorithm';
import { countRecoveryCodes, storeRecoverySet } from './recovery-codes.sql';

/** A set costs as much as ten passwords to compute, and tells its owner by message. */
const SETS = Limit.of('5/1h,10/1d');

@Injectable()
export class RecoveryCodesService {
  constructor(
    private readonly database: Database,
    private readonly changes: FactorChange,
    private readonly hasher: PasswordHasher,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** @returns the codes, which no one can ask for again. @throws AppError rate_limited, token_invalid, overloaded, not_ready */
  async make(actor: Actor): Promise<string[]> {
    await this.claim(actor);
    const codes = newRecoveryCodes(this.random);
    const salt = await this.hasher.newSalt();
    const hashes: string[] = [];
    // One after the other: a set must not take the places of ten logins.
    for (const code of codes) hashes.push(await this.hasher.salted(canonicalRecoveryCode(code), salt));
    await this.changes.run(actor, (facts) => storeRecoverySet.with({ ...facts, salt, hashes }));
    return codes;
  }

  async remaining({ userId }: Actor): Promise<number> {
    const [row] = await this.database.run<{ remaining: number }>(countRecoveryCodes, [userId]);
    return row?.remaining ?? 0;
  }

  private async claim({ userId }: Actor): Promise<void> {
    const wanted = JSON.stringify([wantedHit(`recovery:${userId}`, SETS, false)]);
    const bound = claimHits.with({ wanted, now: this.clock.now() });
    const [row] = await this.database.run<ClaimRow>(...bound);
    if (row?.granted === true) return;
    const retryAfterSeconds = Math.max(1, Math.ceil(row?.retryAfterSeconds ?? 1));
    throw new AppError(platformErrors.rate_limited, { retryAfterSeconds, reason: 'sets of recovery codes' });
  }
}
