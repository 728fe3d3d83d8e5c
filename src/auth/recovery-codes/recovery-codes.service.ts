// Makes sets of recovery codes: on request, shown once, kept as hashes (RC-G). What using one does: methods/recovery-code.method.ts.
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

/** Making a set takes as much work as hashing ten passwords, and sends the owner a message. */
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

  /** @returns the codes, which cannot be read again later. @throws AppError rate_limited, token_invalid, overloaded, not_ready */
  async make(actor: Actor): Promise<string[]> {
    await this.limits.take('recovery', actor.userId, SETS);
    const codes = newRecoveryCodes(this.random);
    const salt = await this.hasher.newSalt();
    const hashes: string[] = [];
    // One after the other, so that a set does not take the places of ten logins.
    for (const code of codes) hashes.push(await this.hasher.salted(canonicalRecoveryCode(code), salt));
    await this.changes.run(actor, (facts) => storeRecoverySet.with({ ...facts, salt, hashes }));
    return codes;
  }

  async remaining({ userId }: Actor): Promise<number> {
    const [row] = await this.database.run<{ remaining: number }>(countRecoveryCodes, [userId]);
    return row?.remaining ?? 0;
  }
}
