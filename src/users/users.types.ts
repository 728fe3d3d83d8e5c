// What other modules may hold of a person. No secret is part of it.

export interface SecondFactors {
  /** E.164; null once the number was recycled. */
  readonly phone: string | null;
  /** Whether an authenticator app is in use. */
  readonly totpEnabled: boolean;
  readonly recoveryCodesLeft: number;
}

/** What proves a second factor, in order of preference: with an app in use nothing is sent unless it is asked for (design section 2). */
export function secondFactorsOf({ phone, totpEnabled, recoveryCodesLeft }: SecondFactors) {
  const has = { totp: totpEnabled, sms: phone !== null, recovery_code: recoveryCodesLeft > 0 };
  return (['totp', 'sms', 'recovery_code'] as const).filter((method) => has[method]);
}

export interface UserAccount extends SecondFactors {
  readonly id: string;
  readonly email: string | null;
  readonly emailVerifiedAt: Date | null;
  readonly displayName: string | null;
  readonly locale: string | null;
  readonly createdAt: Date;
}

/** What a person says of themselves; null for nothing. */
export interface Profile {
  readonly displayName?: string | null | undefined;
  /** BCP 47. */
  readonly locale?: string | null | undefined;
}

/** What is remembered of one that its owner deleted. */
export interface DeletedAccount {
  readonly userId: string;
  readonly deletedAt: Date;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller's, as the access guard found it on its way in; absent where it had no need to ask. */
    account?: UserAccount;
  }
}
