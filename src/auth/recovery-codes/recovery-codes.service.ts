// Sets of recovery codes: made on request, shown once, kept as hashes (RC-G). Their use is a sign-in (methods/recovery-code.method.ts).
import { Injectable } from '@nestjs/common';
import { Limit } from '../../config/limit';
import { Database } from '../../database/database.service';
import { PasswordHasher } from '../../platform/crypto/password-hasher';
import { Random } from '../../platform/random/random';
import type { Actor } from '../../platform/request/actor';
import { AccountLimits } from '../account-limits.service';
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
    private readonly limits: AccountLimits,
    private readonly hasher: PasswordHasher,
    private readonly random: Random,
  ) {}

  /** @returns the codes, which no one can ask for again. @throws AppError rate_limited, token_invalid, overloaded, not_ready */
  async make(actor: Actor): Promise<string[]> {
    await this.limits.take('recovery', actor.userId, SETS);
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
}
