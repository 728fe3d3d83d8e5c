// What other modules may hold of a person. No secret is part of it.

export interface UserAccount {
  readonly id: string;
  /** E.164; null once the number was recycled. */
  readonly phone: string | null;
  readonly email: string | null;
  readonly emailVerifiedAt: Date | null;
  readonly displayName: string | null;
  readonly locale: string | null;
  readonly createdAt: Date;
}
