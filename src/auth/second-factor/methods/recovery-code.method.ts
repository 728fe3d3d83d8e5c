// A recovery code: for people whose phone and app are gone. Its hash is computed with the salt of the set, read first; the statement
// takes the hash out of the set, so a code is used once. A sign-in with one ends everything else of the account (A42, A78).
import { Injectable } from '@nestjs/common';
import { event } from '../../../audit/audit.sql';
import { Database } from '../../../database/database.service';
import { statement, type Statement } from '../../../database/sql';
import { windowsOpen } from '../../../limits/limits.sql';
import { queueNotice } from '../../../notices/notices.sql';
import type { ChallengeToken } from '../../../otp/otp.types';
import { Clock } from '../../../platform/clock/clock';
import { PasswordHasher } from '../../../platform/crypto/password-hasher';
import { withdrawChallenges } from '../../credential-event.sql';
import { canonicalRecoveryCode, FEW } from '../../recovery-codes/recovery-code.algorithm';
import { type Judged, type Proof, SecondFactorMethod } from '../method';
import { SecondFactorConfig } from '../second-factor.config';

const notice = queueNotice({
  name: 'recovery_code_used',
  otherwise: { name: 'recovery_codes_few', when: `"to"."recoveryCodesLeft" < ${FEW}` },
  from: 'FROM account AS "to" JOIN hit ON hit.matched WHERE true',
});

@Injectable()
export class RecoveryCodeMethod extends SecondFactorMethod {
  override readonly amr = ['pwd', 'rc', 'mfa'];
  override readonly proof: Proof = {
    method: 'recovery_code',
    gate: (acceptable) => `proved AS (
    UPDATE recovery_codes r SET unused = array_remove(r.unused, :recoveryHash::text) FROM acct
     WHERE r.user_id = acct.id AND r.unused @> ARRAY[:recoveryHash::text] AND ${acceptable} RETURNING cardinality(r.unused) AS codes
  ),`,
    matches: (row) => `(NOT ${row}.decoy AND EXISTS (SELECT FROM proved))`,
    byVendor: () => 'false',
    opensDisabled: true,
    event: event('recovery_used'),
    endsAll: {
      set: 'recovery_codes_left = CASE WHEN hit.matched THEN (SELECT codes FROM proved) ELSE u.recovery_codes_left END',
      consequences: `fallen AS (
    SELECT hit.user_id AS id, hit.id AS spared FROM hit WHERE hit.matched
  ), ${withdrawChallenges('fallen', 'spared')}, ${notice}`,
    },
  };
  private readonly saltOfChallenge: Statement;

  constructor(
    private readonly database: Database,
    private readonly hasher: PasswordHasher,
    private readonly clock: Clock,
    { LIMIT_FACTOR_ACCOUNT }: SecondFactorConfig,
  ) {
    super();
    // Only for a challenge that would take the code: each costs a hash.
    this.saltOfChallenge = statement(
      'recovery_salt_of_challenge',
      `SELECT r.salt FROM otp_attempts k JOIN users u ON u.id = k.subject_id JOIN recovery_codes r ON r.user_id = u.id
        WHERE k.token_digest = $1 AND k.purpose = $2 AND k.key_id = $3 AND k.consumed_at IS NULL AND k.revoked_at IS NULL
          AND k.failed < k.max_failed AND k.expires_at > $4::timestamptz AND k.auth_epoch = u.auth_epoch
          AND 'recovery_code' = ANY (k.methods) AND ${windowsOpen('u.second_factor_fails', LIMIT_FACTOR_ACCOUNT.windows, '$4')}`,
    );
  }

  override async judge({ digest, purpose, keyId }: ChallengeToken, code: string): Promise<Judged> {
    const values = [digest, purpose, keyId, this.clock.now()];
    const [row] = await this.database.run<{ salt: string }>(this.saltOfChallenge, values);
    const recoveryHash = row === undefined ? null : await this.hasher.salted(canonicalRecoveryCode(code), row.salt);
    // Whether it is right is for the set to say, in the statement.
    return { matched: [], wellFormed: true, parameters: { recoveryHash } };
  }
}
