export interface NewInvite {
  /** 1 to 10 000; 1 unless told. */
  readonly uses?: number | undefined;
  /** 1 to 365; 7 unless told. */
  readonly days?: number | undefined;
  /** International form: only this number may register with it. */
  readonly phone?: string | undefined;
  /** For operators; at most 200 characters. */
  readonly note?: string | undefined;
}

export interface InviteRecord {
  readonly id: string;
  readonly note: string | null;
  /** E.164. */
  readonly phone: string | null;
  readonly usesMax: number;
  /** Accounts it has made. */
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
