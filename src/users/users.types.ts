// What other modules may know of an account. It contains no secret.

export interface SecondFactors {
  /** E.164; null when somebody else has proved the number since, and has it now. */
  readonly phone: string | null;
  /** Whether an authenticator app is in use. */
  readonly totpEnabled: boolean;
  readonly recoveryCodesLeft: number;
}

/** The methods that prove a second factor, the preferred one first. With an app in use, no code is sent unless it is asked for (design section 2). */
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

/** What a person says of themselves. Null: the person says nothing. Undefined: it stays as it is. */
export interface Profile {
  readonly displayName?: string | null | undefined;
  /** BCP 47. */
  readonly locale?: string | null | undefined;
}

/** What is remembered of an account that its owner has deleted. */
export interface DeletedAccount {
  readonly userId: string;
  readonly deletedAt: Date;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The account of the caller, when the access guard has read it; absent when the guard did not need to. */
    account?: UserAccount;
  }
}
