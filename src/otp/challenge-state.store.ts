// Reads otp_attempts by id or digest, and writes small changes. The statements that decide (issue, verify, resend) are in auth, made of this module's
// fragments. No row: the challenge is unknown, or is no longer in the state that the write demands.
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service';
import { namedStatement, statement } from '../database/sql';
import type { VerifierState } from '../sms/contract/message-source';
import { live } from './challenge-row.sql';
import type { ChallengeByMessage, ChallengeState, ChallengeToken, ChallengeToSend } from './otp.types';

const stateColumns = `id, purpose, subject_id AS "subjectId", phone, email, channel, code_length AS "codeLength", failed, max_failed AS "attemptsMax",
  expires_at AS "expiresAt", consumed_at AS "consumedAt", revoked_at AS "revokedAt", resend_at AS "resendAt",
  cardinality(sends) AS "sendsCount", vendor_ended AS "vendorEnded", phone_shown AS "phoneShown", budget_key AS "budgetKey", session_id AS "sessionId", methods, verified_by AS "verifiedBy", verifier,
  verifier IS NOT NULL AND vendor_ref IS NULL AS "vendorUnconfirmed"`;

const find = statement(
  'otp_find',
  `SELECT ${stateColumns} FROM otp_attempts WHERE token_digest = $1 AND purpose = $2 AND key_id = $3`,
);

const forSending = statement(
  'otp_for_sending',
  `SELECT ${stateColumns}, token_digest AS digest, key_id AS "keyId", decoy, locale, told_locale AS "toldLocale", vendor_ref AS "vendorRef"
     FROM otp_attempts WHERE id = $1`,
);

const changeVerifier = statement(
  'otp_change_verifier',
  // For a decoy the third column is not compared: guesses change it while the decoy pretends (pretended-verifications.store.ts).
  `UPDATE otp_attempts SET verifier = $4, vendor_ref = $5, vendor_ended = false
    WHERE id = $1 AND verifier IS NOT DISTINCT FROM $2 AND (decoy OR vendor_ref IS NOT DISTINCT FROM $3)
      AND consumed_at IS NULL AND revoked_at IS NULL RETURNING id`,
);

const reopenResend = statement(
  'otp_reopen_resend',
  `UPDATE otp_attempts SET vendor_ended = vendor_ended OR $3::boolean,
          resend_at = CASE WHEN resend_at IS NOT NULL THEN $2::timestamptz END
    WHERE id = $1 AND consumed_at IS NULL AND revoked_at IS NULL RETURNING id`,
);
const clearTurn = statement('otp_clear_turn', `UPDATE rate_limits SET hits = '{}' WHERE key = $1`);

const countOnly = namedStatement<{ digest: Buffer; now: string }>(
  'otp_count_only',
  `UPDATE otp_attempts c SET failed = c.failed + 1 WHERE c.token_digest = :digest AND ${live('c')} RETURNING c.id`,
);

// From one minute after its end, no vendor's answer can confirm a challenge any more.
const outcomes = statement(
  'otp_outcomes',
  `SELECT id, consumed_at AS "provedAt" FROM otp_attempts
    WHERE id = ANY($1::uuid[]) AND (consumed_at IS NOT NULL OR expires_at < $2::timestamptz - interval '1 minute')`,
);

@Injectable()
export class ChallengeStateStore {
  constructor(private readonly database: Database) {}

  async find({ digest, purpose, keyId }: ChallengeToken): Promise<ChallengeState | undefined> {
    const [row] = await this.database.run<ChallengeState>(find, [digest, purpose, keyId]);
    return row;
  }

  /** For challenges that have ended. They are deleted a day later. */
  outcomes(ids: readonly string[], now: Date): Promise<{ id: string; provedAt: Date | null }[]> {
    return this.database.run(outcomes, [ids, now]);
  }

  async findForSending(id: string): Promise<ChallengeToSend | undefined> {
    const [row] = await this.database.run<ChallengeToSend>(forSending, [id]);
    return row;
  }

  /** @returns undefined also for a challenge whose codes go by mail (code-mails.service.ts) */
  async findByMessage(id: string): Promise<ChallengeByMessage | undefined> {
    const challenge = await this.findForSending(id);
    return challenge?.channel === 'email' ? undefined : (challenge as ChallengeByMessage | undefined);
  }

  /** @returns false when another verifier than `from` checks now, or nothing is left to check */
  async changeVerifier(id: string, from: VerifierState, to: VerifierState): Promise<boolean> {
    const values = [from.provider, from.verificationId, to.provider, to.verificationId];
    const changed = await this.database.run(changeVerifier, [id, ...values]);
    return changed.length > 0;
  }

  /** Lets the next send follow at once, by ending the cooldown of the number as well. The number of sends that are left does not change. */
  async reopenResend(id: string, now: Date, vendorEnded: boolean, cooldownKey: string): Promise<void> {
    const reopened = await this.database.run(reopenResend, [id, now, vendorEnded]);
    // In a statement of its own, because issuing locks the counter before older challenges: one statement for both could deadlock with it.
    if (reopened.length > 0) await this.database.run(clearTurn, [cooldownKey]);
  }

  /**
   * Counts an attempt on another connection after an error of its verify statement, because an error must not give a guess back (protocol.md 1.9).
   * @param now instant of the request. @returns false when the challenge took no guesses then, so this one was never evaluated
   */
  async countFailedAttempt({ digest }: ChallengeToken, now: string): Promise<boolean> {
    const counted = await this.database.run(...countOnly.with({ digest, now }));
    return counted.length > 0;
  }
}
