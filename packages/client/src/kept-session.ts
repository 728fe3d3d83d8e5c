// What is stored of a session, and the storage around it. Invariant: a change is held here from the moment it is asked for until
// the storage has taken it, so that tokens Latchkey has issued outlive any failure of the storage; and it is made to what is
// stored then, so that it never undoes what somebody else has done meanwhile.
import type { Tokens, User } from './api.ts';
import { badAnswer, LatchkeyError } from './errors.ts';
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

/** @throws LatchkeyError bad_answer: what has no tokens must not take the place of a session */
export function tokensIn(answer: unknown): Tokens {
  const { accessToken, expiresIn, user } = (answer ?? {}) as Partial<Tokens>;
  const areThere = typeof accessToken === 'string' && typeof expiresIn === 'number' && typeof user?.id === 'string';
  if (!areThere) throw badAnswer('the answer has no tokens', 200);
  return answer as Tokens;
}

/** @param askedAt when the tokens were asked for, in milliseconds: no later than they were made */
export function sessionFrom({ refreshToken, accessToken, expiresIn, user }: Tokens, askedAt: number): KeptSession {
  const livesMs = expiresIn * 1000;
  const held = refreshToken === undefined ? {} : { refreshToken };
  return { ...held, accessToken, expiresAt: askedAt + livesMs, livesMs, user };
}

/** A tenth of its life, and at most half a minute, before its end an access token is renewed. */
export function isFresh({ expiresAt, livesMs }: KeptSession, now: number): boolean {
  return expiresAt - now > Math.min(30_000, livesMs / 10);
}

/** What is to be stored where `stored` is; undefined: nothing. */
type Change = (stored: KeptSession | undefined) => KeptSession | undefined;

/** `after` in place of `before`, and of nothing else. */
export const inPlaceOf =
  (before: KeptSession | undefined, after: KeptSession | undefined): Change =>
  (stored) =>
    stored?.refreshToken === before?.refreshToken ? after : stored;

export class SessionBox {
  private held: Change | undefined;

  /** @param changed called after what is stored was changed from here: the person who is signed in now, or null */
  constructor(
    private readonly storage: TokenStorage,
    private readonly changed: (user: User | null) => void,
  ) {}

  /** Whether the storage has not taken everything yet. */
  get isHolding(): boolean {
    return this.held !== undefined;
  }

  /** What is stored, with what is held; writes nothing. @throws LatchkeyError storage_failed */
  async look(): Promise<KeptSession | undefined> {
    const stored = sessionIn(await this.tried(() => this.storage.load()));
    return this.held === undefined ? stored : this.held(stored);
  }

  /** Under the lock of the storage. @returns what is stored then. @throws LatchkeyError storage_failed; the change is then held */
  change(change: Change): Promise<KeptSession | undefined> {
    const { held } = this;
    this.held = held === undefined ? change : (stored) => change(held(stored));
    return this.load();
  }

  /** What is stored, after what is held; under the lock as well. @throws LatchkeyError storage_failed */
  async load(): Promise<KeptSession | undefined> {
    const { held } = this;
    const stored = sessionIn(await this.tried(() => this.storage.load()));
    if (held === undefined) return stored;
    const wanted = held(stored);
    this.held = inPlaceOf(stored, wanted); // should this fail, what somebody else stores before the next try is left alone
    if (wanted === undefined) await this.tried(() => this.storage.clear());
    else if (wanted !== stored) await this.tried(() => this.storage.save(JSON.stringify(wanted)));
    this.held = undefined;
    if (wanted !== stored) this.changed(wanted?.user ?? null);
    return wanted;
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
    return isOurs && typeof value.user?.id === 'string' ? (value as KeptSession) : undefined;
  } catch {
    return undefined;
  }
}
