// Keeps one session alive. Invariants:
// - within a tab one renewal runs at a time, and across tabs one under the lock of the storage; whoever waited takes its result;
// - tokens that Latchkey has issued are held before anything else can fail, and stored before the access token is given to anybody;
// - what another tab has stored meanwhile, a newer token or a logout, is never written over;
// - a session is given up only when Latchkey says that it has ended, or at a logout: never because an answer was lost or made by others.
import type { Tokens, User } from './api.ts';
import { badAnswer, LatchkeyError } from './errors.ts';
import type { Http } from './http.ts';
import { inPlaceOf, isFresh, type KeptSession, SessionBox, sessionFrom, tokensIn } from './kept-session.ts';
import { pause } from './tabs.ts';
import { type TokenStorage, withLock } from './token-storage.ts';

export interface KeeperOptions {
  readonly http: Http;
  readonly storage: TokenStorage;
  /** The refresh token is in a cookie, which the browser sends. */
  readonly cookieMode: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called after a change: the person who is signed in now, or null. */
  readonly changed: (user: User | null) => void;
}

/**
 * Latchkey answers a refresh token that was used for 10 s with the same successor: lost answers are asked for again in that time.
 * The last try is given all the time of a request: after it the token is too old to be asked with again.
 */
const REFRESH_TRIES = 3;
const REFRESH_TIMEOUT_MS = 3000;
const RETRY_PAUSE_MS = 200;
/** How often, and how long apart, a tab that was overtaken looks for what the faster one stores. */
const RACED_LOOKS = 12;
const RACED_PAUSE_MS = 250;

export class SessionKeeper {
  private readonly box: SessionBox;
  private renewing: Promise<KeptSession> | undefined;

  constructor(private readonly options: KeeperOptions) {
    this.box = new SessionBox(options.storage, options.changed);
  }

  /** What is stored; nothing is asked of the server. */
  async current(): Promise<KeptSession | undefined> {
    if (!this.box.isHolding) return this.box.look();
    return withLock(this.options.storage, () => this.box.load());
  }

  /**
   * @returns one whose access token lives for a while
   * @throws LatchkeyError signed_out, also when somebody else has signed in meanwhile: what one person has begun is not done in the
   * name of another; or why it cannot be renewed now
   */
  async fresh(): Promise<KeptSession> {
    const session = await this.current();
    if (session !== undefined && isFresh(session, this.options.now())) return session;
    try {
      return session === undefined ? await this.renew(undefined) : await this.renewed(session);
    } catch (error) {
      const hasEnded = error instanceof LatchkeyError && error.code === 'signed_out';
      if (hasEnded || session === undefined || session.expiresAt <= this.options.now()) throw error;
      return session; // Latchkey is away, and its access token is good for a few seconds yet
    }
  }

  /** Renews a session whose access token was refused or ends. @throws LatchkeyError as fresh */
  async renewed({ accessToken, user }: KeptSession): Promise<KeptSession> {
    const session = await this.renew(accessToken);
    if (session.user.id !== user.id) throw signedOut();
    return session;
  }

  /**
   * @param used the access token that is no longer good; undefined: there is none
   * @throws LatchkeyError signed_out, or why it cannot be renewed now
   */
  renew(used: string | undefined): Promise<KeptSession> {
    this.renewing ??= withLock(this.options.storage, () => this.renewLocked(used)).finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  /** Takes over what a sign-in brought. @param askedAt when it was asked for, in milliseconds. @throws LatchkeyError */
  async begin(tokens: Tokens, askedAt: number): Promise<User> {
    const begun = sessionFrom(tokens, askedAt);
    // A step-up brings no refresh token: its session goes on with the one it has, never with one of somebody else.
    const isStepUp = begun.refreshToken === undefined && !this.options.cookieMode;
    const stepped = (stored: KeptSession | undefined) =>
      stored?.user.id === begun.user.id ? { ...stored, ...begun } : stored;
    const session = await withLock(this.options.storage, () => this.box.change(isStepUp ? stepped : () => begun));
    if (session?.accessToken !== begun.accessToken) throw badAnswer('the answer has no refresh token', 200);
    return begun.user;
  }

  /**
   * Runs `work`, which ends the session at Latchkey, and forgets it. When `work` fails, tokens that are kept here are forgotten
   * all the same; a cookie is not ours to forget, and with it the person would be signed in again.
   * @throws what `work` throws, but for a 401: then the session is over
   */
  async end(work: (session: KeptSession | undefined) => Promise<void>): Promise<void> {
    await withLock(this.options.storage, async () => {
      const forget = () => this.box.change(() => undefined);
      const told = this.box.look().then(work);
      const ended = told.catch((error: unknown) => {
        if (!isRefused(error, 401)) throw error;
      });
      await (this.options.cookieMode ? ended.then(forget) : ended.finally(forget));
    });
  }

  private async renewLocked(used: string | undefined): Promise<KeptSession> {
    for (let look = 0; look < RACED_LOOKS; look += 1) {
      const session = await this.box.load();
      if (session !== undefined && session.accessToken !== used && isFresh(session, this.options.now())) return session;
      if (session?.refreshToken === undefined && !this.options.cookieMode) throw signedOut();
      const renewed = await this.renewOnce(session);
      if (renewed !== undefined) return renewed;
    }
    throw new LatchkeyError('refresh_raced', 'another holder of this session is ahead of this one', { status: 409 });
  }

  /** @returns undefined when somebody else was faster: what is stored has to be looked at again */
  private async renewOnce(session: KeptSession | undefined): Promise<KeptSession | undefined> {
    const askedAt = this.options.now();
    let tokens: Tokens;
    try {
      tokens = await this.ask(session?.refreshToken);
    } catch (error) {
      return this.refused(session, error);
    }
    const renewed = { ...session, ...sessionFrom(tokens, askedAt) };
    const stored = await this.box.change(inPlaceOf(session, renewed));
    return stored === renewed ? renewed : undefined;
  }

  private async refused(session: KeptSession | undefined, error: unknown): Promise<undefined> {
    if (isRefused(error, 409)) return pause(RACED_PAUSE_MS) as Promise<undefined>;
    if (!isRefused(error, 401)) throw error;
    if ((await this.box.change(inPlaceOf(session, undefined))) !== undefined) return undefined;
    throw signedOut(error);
  }

  /** An answer that did not come is asked for again: the token may have been used up for it. */
  private async ask(refreshToken: string | undefined): Promise<Tokens> {
    const body = refreshToken === undefined ? {} : { refreshToken };
    for (let attempt = 1; ; attempt += 1) {
      try {
        const timeoutMs = attempt === REFRESH_TRIES ? Infinity : REFRESH_TIMEOUT_MS;
        return tokensIn(await this.options.http.send('POST', '/v1/auth/token/refresh', { body, timeoutMs }));
      } catch (error) {
        const lost = error instanceof LatchkeyError && error.status === 0;
        if (!lost || attempt === REFRESH_TRIES) throw error;
        await pause(RETRY_PAUSE_MS * attempt);
      }
    }
  }
}

/** By Latchkey itself, not by something between. */
function isRefused(error: unknown, status: number): boolean {
  return error instanceof LatchkeyError && error.code !== 'bad_answer' && error.status === status;
}

export function signedOut(cause?: unknown): LatchkeyError {
  return new LatchkeyError('signed_out', 'nobody is signed in', { status: 401 }, cause);
}
