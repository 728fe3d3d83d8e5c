// A recovery code, for people who have lost phone and app. Its hash is computed with the salt of the set, which is read first. The
// statement takes that hash out of the set, so a code is used once. A sign-in with one ends everything else of the account (A42, A78).
import { Injectable } from '@nestjs/common';
import { event } from '../../../audit/audit.sql';
import { Database } from '../../../database/database.service';
import { statement, type Statement } from '../../../database/sql';
import { windowsOpen } from '../../../limits/limits.sql';
import { type ChallengeToken, isAnonymous } from '../../../otp/otp.types';
import { Clock } from '../../../platform/clock/clock';
import { PasswordHasher } from '../../../platform/crypto/password-hasher';
import { withdrawChallenges } from '../../credential-event.sql';
import { canonicalRecoveryCode } from '../../recovery-codes/recovery-code.algorithm';
import { recoveryNotice, takeRecoveryCode } from '../../recovery-codes/recovery-codes.sql';
import { type Judged, type Proof, SecondFactorMethod } from '../method';
import { SecondFactorConfig } from '../second-factor.config';

@Injectable()
export class RecoveryCodeMethod extends SecondFactorMethod {
  override readonly amr = ['pwd', 'rc', 'mfa'];
  override readonly proof: Proof = {
    method: 'recovery_code',
    gate: (acceptable) => `proved AS (
    ${takeRecoveryCode('acct.id', `FROM acct WHERE ${acceptable}`)} RETURNING cardinality(r.unused) AS codes
  ),`,
    matches: (row) => `(NOT ${row}.decoy AND EXISTS (SELECT FROM proved))`,
    byVendor: () => 'false',
    reopens: true,
    event: event('recovery_used'),
    endsAll: {
      set: 'recovery_codes_left = CASE WHEN hit.matched THEN (SELECT codes FROM proved) ELSE u.recovery_codes_left END',
      consequences: `fallen AS (
    SELECT hit.user_id AS id, hit.id AS spared FROM hit WHERE hit.matched
  ), ${withdrawChallenges('fallen', 'spared')}, ${recoveryNotice('FROM account AS "to" JOIN hit ON hit.matched WHERE true')}`,
    },
  };
  private readonly saltOfChallenge: Statement;
  private nobodysSalt: Promise<string> | undefined;

  constructor(
    private readonly database: Database,
    private readonly hasher: PasswordHasher,
    private readonly clock: Clock,
    { LIMIT_FACTOR_ACCOUNT }: SecondFactorConfig,
  ) {
    super();
    // Reads the salt only for a challenge that would take the code, because each code costs a hash.
    this.saltOfChallenge = statement(
      'recovery_salt_of_challenge',
      `SELECT r.salt FROM otp_attempts k
         LEFT JOIN users u ON u.id = k.subject_id AND k.auth_epoch = u.auth_epoch AND ${windowsOpen('u.second_factor_fails', LIMIT_FACTOR_ACCOUNT.windows, '$4')}
         LEFT JOIN recovery_codes r ON r.user_id = u.id
        WHERE k.token_digest = $1 AND k.purpose = $2 AND k.key_id = $3 AND k.consumed_at IS NULL AND k.revoked_at IS NULL
          AND k.failed < k.max_failed AND k.expires_at > $4::timestamptz AND ('recovery_code' = ANY (k.methods) OR k.purpose = 'reset')`,
    );
  }

  override async judge({ digest, purpose, keyId }: ChallengeToken, code: string): Promise<Judged> {
    const values = [digest, purpose, keyId, this.clock.now()];
    const [row] = await this.database.run<{ salt: string | null }>(this.saltOfChallenge, values);
    // At a reset there may be no account. Then it does the same work with another salt (A55).
    const salt = row !== undefined && isAnonymous(purpose) ? (row.salt ?? (await this.nobodys())) : row?.salt;
    const recoveryHash = typeof salt === 'string' ? await this.hasher.salted(canonicalRecoveryCode(code), salt) : null;
    // The statement finds out whether it is right, by looking into the set.
    return { matched: [], wellFormed: true, parameters: { recoveryHash } };
  }

  /** A salt that belongs to no set. */
  private nobodys(): Promise<string> {
    this.nobodysSalt ??= this.hasher.newSalt();
    return this.nobodysSalt;
  }
}
