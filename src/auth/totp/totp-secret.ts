// A TOTP secret as its row stores it: sealed under the ring like signing keys, and bound to its person and enrolment, so that a row that
// was copied to another account does not open.
import type { SealedBox } from '../../platform/crypto/sealed-box';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';

export interface SealedSecret {
  readonly userId: string;
  /** Id of the enrolment. */
  readonly id: string;
  readonly sealed: Buffer;
}

export function sealSecret(boxes: SealedBox, secret: Buffer, { userId, id }: Omit<SealedSecret, 'sealed'>): Buffer {
  return boxes.seal(secret, context(userId, id));
}

/**
 * @returns undefined for a damaged row; then no code is right (ASVS 11.2.5)
 * @throws AppError not_ready when this instance's ring lacks the key it is sealed under; another instance may have it
 */
export function openSecret(boxes: SealedBox, { userId, id, sealed }: SealedSecret): Buffer | undefined {
  const opened = boxes.open(sealed, context(userId, id));
  if (opened.ok) return opened.plain;
  if (opened.reason === 'unknown_key') {
    throw new AppError(platformErrors.not_ready, {
      reason: 'a TOTP secret is sealed under a key that is not on the ring',
      retryAfterSeconds: 5,
    });
  }
  return undefined;
}

function context(userId: string, id: string): string {
  return `totp_secrets/${userId}/${id}`;
}
