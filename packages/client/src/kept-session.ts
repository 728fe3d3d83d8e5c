// What is stored of a session, and the storage around it. Invariant: a session that could not be stored is not lost: it is held
// here and stored before anything else happens.
import type { Tokens, User } from './api.ts';
import { LatchkeyError } from './errors.ts';
import type { TokenStorage } from './token-storage.ts';

export interface KeptSession {
  /** Absent in cookie mode. */
  readonly refreshToken?: string;
  readonly accessToken: string;
  /** When the access token ends, in milliseconds since 1970 by the clock of this machine. */
  readonly expiresAt: number;
  /** How long the access token lives in all, in milliseconds. */
  readonly livesMs: number;
  readonly user: User;
}

/**
 * @param askedAt when the tokens were asked for, in milliseconds: no later than they were made
 * @param before whose refresh token goes on when the answer has none of its own (a step-up within the session)
 */
export function sessionFrom(tokens: Tokens, askedAt: number, before?: KeptSession): KeptSession {
  const refreshToken = tokens.refreshToken ?? before?.refreshToken;
  const livesMs = tokens.expiresIn * 1000;
  return {
    ...(refreshToken === undefined ? {} : { refreshToken }),
    accessToken: tokens.accessToken,
    expiresAt: askedAt + livesMs,
    livesMs,
    user: tokens.user,
  };
}

/** A tenth of its life, and at most half a minute, before its end an access token is renewed. */
export function isFresh({ expiresAt, livesMs }: KeptSession, now: number): boolean {
  return expiresAt - now > Math.min(30_000, livesMs / 10);
}

export class SessionBox {
  private unsaved: KeptSession | undefined;

  constructor(private readonly storage: TokenStorage) {}

  /** @throws LatchkeyError storage_failed */
  async load(): Promise<KeptSession | undefined> {
    if (this.unsaved !== undefined) await this.save(this.unsaved);
    return sessionIn(await this.tried(() => this.storage.load()));
  }

  /** @throws LatchkeyError storage_failed; the session is then held for the next call */
  async save(session: KeptSession): Promise<void> {
    this.unsaved = session;
    await this.tried(() => this.storage.save(JSON.stringify(session)));
    this.unsaved = undefined;
  }

  /** @throws LatchkeyError storage_failed */
  async clear(): Promise<void> {
    this.unsaved = undefined;
    await this.tried(() => this.storage.clear());
  }

  private async tried<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw new LatchkeyError('storage_failed', 'the storage for tokens failed', { status: 0 }, error);
    }
  }
}

/** Anything else that lies there is no session of ours. */
function sessionIn(text: string | null): KeptSession | undefined {
  try {
    const value = JSON.parse(text ?? 'null') as Partial<KeptSession> | null;
    const isOurs = typeof value?.accessToken === 'string' && typeof value.expiresAt === 'number';
    return isOurs ? (value as KeptSession) : undefined;
  } catch {
    return undefined;
  }
}
