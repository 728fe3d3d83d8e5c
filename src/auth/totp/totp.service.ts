// An authenticator app as a second factor: enrolled with a secret that is shown once, in use from its first right code on, ended on request
// (TOTP-E, -C, -D). What its codes are good for is decided elsewhere (second-factor/methods/totp.method.ts).
import { Injectable } from '@nestjs/common';
import { ProductConfig } from '../../config/product.config';
import { Database } from '../../database/database.service';
import { EmailChallenges } from '../../otp/email-challenges.service';
import { otpErrors } from '../../otp/otp.errors';
import { Clock } from '../../platform/clock/clock';
import { SealedBox } from '../../platform/crypto/sealed-box';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { maskPhone } from '../../platform/phone/phone-number';
import { Random } from '../../platform/random/random';
import type { Actor } from '../../platform/request/actor';
import { FactorChange } from '../factor-change.service';
import { qrPicture } from './qr-picture';
import { openSecret, sealSecret } from './totp-secret';
import { otpauthUrl, secretText, stepOfCode, TOTP_SECRET_BYTES } from './totp.algorithm';
import type { TotpEnrolmentResponse } from './totp.response';
import { lastWayIn } from '../last-way-in.sql';
import {
  type ConfirmRow,
  confirmTotp,
  enrolTotp,
  type EnrolRow,
  findPendingTotp,
  type RemoveRow,
  removeTotp,
} from './totp.sql';

/** Wrong codes after which the enrolment must begin again. It protects nothing, since the person sees the secret; it only ends a hopeless attempt. */
const CONFIRM_ATTEMPTS = 5;

@Injectable()
export class TotpService {
  constructor(
    private readonly database: Database,
    private readonly changes: FactorChange,
    private readonly boxes: SealedBox,
    private readonly emails: EmailChallenges,
    private readonly product: ProductConfig,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** Replaces an enrolment that was not confirmed. @throws AppError conflict while an app is in use, token_invalid, 503s */
  async enrol(actor: Actor): Promise<TotpEnrolmentResponse> {
    const id = this.random.uuid();
    const secret = this.random.bytes(TOTP_SECRET_BYTES);
    const secretSealed = sealSecret(this.boxes, secret, { userId: actor.userId, id });
    const row = await this.changes.run<EnrolRow>(actor, (facts) =>
      enrolTotp.with({ ...facts, totpId: id, secretSealed }),
    );
    if (!row.enrolled) throw conflict('totp_enabled');
    const account = row.phone === null ? actor.userId : maskPhone(row.phone);
    const url = otpauthUrl(secret, this.product.APP_NAME, account);
    return { secret: secretText(secret), otpauthUrl: url, qrSvg: qrPicture(url) };
  }

  /** @throws AppError code_invalid, code_expired when the enrolment must begin again, conflict when none was begun, token_invalid, 503s */
  async confirm(actor: Actor, code: string): Promise<void> {
    const now = this.clock.now();
    const [pending] = await this.database.run<{ id: string; sealed: Buffer }>(findPendingTotp, [actor.userId, now]);
    if (pending === undefined) throw conflict('totp_not_begun');
    const { id: totpId } = pending;
    const secret = openSecret(this.boxes, { ...pending, userId: actor.userId });
    const step = secret === undefined ? undefined : stepOfCode(secret, code, now);
    const judged = { totpId, matched: step !== undefined, step: step ?? null, attemptsMax: CONFIRM_ATTEMPTS };
    const row = await this.changes.run<ConfirmRow>(actor, (facts) => confirmTotp.with({ ...facts, ...judged }));
    if (row.outcome === 'gone') throw new AppError(otpErrors.code_expired, { reason: 'the enrolment is over' });
    if (row.outcome === 'wrong') throw new AppError(otpErrors.code_invalid, { attemptsLeft: row.attemptsLeft });
    this.changes.committed(actor);
  }

  /** @throws AppError not_found when there is no app, conflict when it is the last way in, token_invalid, 503s */
  async remove(actor: Actor): Promise<void> {
    const mailSent = this.emails.canBeSent;
    const row = await this.changes.run<RemoveRow>(actor, (facts) => removeTotp.with({ ...facts, mailSent }));
    if (row.isLastWayIn) throw lastWayIn('/totp');
    if (!row.removed) throw new AppError(platformErrors.not_found, { reason: 'no authenticator app' });
    this.changes.committed(actor);
  }
}

function conflict(code: string): AppError {
  return new AppError(platformErrors.conflict, { errors: [{ pointer: '', code }] });
}
