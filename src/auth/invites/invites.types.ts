export interface NewInvite {
  /** 1 to 10 000; 1 by default. */
  readonly uses?: number | undefined;
  /** Days until it expires, 1 to 365; 7 by default. */
  readonly days?: number | undefined;
  /** In international form. Only this number may register with it. */
  readonly phone?: string | undefined;
  /** A note for operators, at most 200 characters. */
  readonly note?: string | undefined;
}

export interface InviteRecord {
  readonly id: string;
  readonly note: string | null;
  /** E.164. */
  readonly phone: string | null;
  readonly usesMax: number;
  /** How many accounts were made with it. */
  readonly uses: number;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
}

export interface InvitePage {
  readonly invites: readonly InviteRecord[];
  readonly nextCursor: string | null;
}
