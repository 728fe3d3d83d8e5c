// A code of the person's authenticator app. The time step that it belongs to is computed from the secret, which is read first. The
// statement moves the watermark to that step, which succeeds only once for a code that is presented twice (A67, RFC 6238 section 5.2).
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../../audit/audit-log.service';
import { Database } from '../../../database/database.service';
import { statement } from '../../../database/sql';
import type { ChallengeToken } from '../../../otp/otp.types';
import { Clock } from '../../../platform/clock/clock';
import { SealedBox } from '../../../platform/crypto/sealed-box';
import { openSecret, sealSecret, type SealedSecret } from '../../totp/totp-secret';
import { stepOfCode, TOTP_DIGITS, TOTP_SECRET_BYTES } from '../../totp/totp.algorithm';
import { passTotpStep } from '../../totp/totp.sql';
import { type Judged, type Proof, SecondFactorMethod } from '../method';

const secretOfChallenge = statement(
  'totp_of_challenge',
  `SELECT t.user_id AS "userId", t.id, t.secret_sealed AS sealed FROM otp_attempts k JOIN totp_secrets t ON t.user_id = k.subject_id
    WHERE k.token_digest = $1 AND k.purpose = $2 AND k.key_id = $3 AND t.confirmed_at IS NOT NULL`,
);

const NOBODYS = Buffer.alloc(TOTP_SECRET_BYTES);

@Injectable()
export class TotpMethod extends SecondFactorMethod {
  override readonly amr = ['pwd', 'otp', 'mfa'];
  override readonly proof: Proof = {
    method: 'totp',
    gate: (acceptable) => `proved AS (
    ${passTotpStep('acct.id', `FROM acct WHERE ${acceptable}`)} RETURNING t.user_id
  ),`,
    matches: (row) => `(NOT ${row}.decoy AND EXISTS (SELECT FROM proved))`,
    byVendor: () => 'false',
    reopens: false,
  };

  constructor(
    private readonly database: Database,
    private readonly boxes: SealedBox,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async judge({ digest, purpose, keyId }: ChallengeToken, code: string): Promise<Judged> {
    const [row] = await this.database.run<SealedSecret>(secretOfChallenge, [digest, purpose, keyId]);
    const now = this.clock.now();
    const secret = row === undefined ? undefined : openSecret(this.boxes, row);
    if (row !== undefined && secret === undefined) {
      const reason = 'a TOTP secret does not open';
      await this.audit.record(this.database, {
        event: 'crypt_decrypt_fail',
        at: now,
        userId: row.userId,
        ref: row.id,
        reason,
      });
    }
    // At a reset there may be no account. Then it does the same work with a secret of nobody's (A55).
    const computed = stepOfCode(secret ?? NOBODYS, code, now);
    const step = secret === undefined ? undefined : computed;
    return {
      matched: [],
      wellFormed: code.length === TOTP_DIGITS,
      parameters: { totpId: row?.id ?? null, totpStep: step ?? null, totpSealed: this.resealed(row, secret) },
    };
  }

  /** The secret sealed under the current key, when it is not so already: in this way retired keys go out of use over time. */
  private resealed(row: SealedSecret | undefined, secret: Buffer | undefined): Buffer | null {
    if (row === undefined || secret === undefined || this.boxes.isCurrent(row.sealed)) return null;
    return sealSecret(this.boxes, secret, row);
  }
}
