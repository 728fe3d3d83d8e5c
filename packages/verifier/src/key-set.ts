// The issuer's keys by their ids. Asked for when first needed, when they are old, and when a token names one that is not
// known; the last at most once per cooldown, so that made-up ids cost the issuer nothing. Requests at the same time wait for
// one fetch. When the issuer is away, the keys we have are used on for a bounded time, and who names one of them waits for no timeout.
// The key set of jose would let every request wait for its own timeout then, hence this one.
import type { CryptoKey, JWK } from 'jose';
import { getJson } from './bounded-json';
import { discoverKeys } from './discovery';
import type { Settings } from './options';
import { LatchkeyVerifyError } from './verify-error';

/** After a failed fetch, this long none is tried. */
const FAILURE_PAUSE_MS = 2000;
const MOST_KEYS = 20;

/** Milliseconds by the clock, and on a scale that nobody sets. */
interface Instant {
  readonly clock: number;
  readonly uptime: number;
}

const NEVER: Instant = { clock: -Infinity, uptime: -Infinity };
const kidShape = /^[A-Za-z0-9_-]{1,64}$/;

export class KeySet {
  private keys: ReadonlyMap<string, CryptoKey> = new Map();
  private fetchedAt = NEVER;
  private triedAt = NEVER;
  private failure: LatchkeyVerifyError | undefined;
  private fetching: Promise<void> | undefined;

  constructor(private readonly settings: Settings) {}

  /**
   * @returns undefined when the issuer has no such key
   * @throws LatchkeyVerifyError issuer_unavailable
   */
  async key(kid: unknown): Promise<CryptoKey | undefined> {
    if (typeof kid !== 'string' || !kidShape.test(kid)) return undefined;
    if (this.isDue(kid)) {
      const fetched = this.fetchOnce();
      // While the issuer is away, who names a key that we have does not wait for it to come back.
      if (this.failure === undefined || this.known(kid) === undefined) await fetched;
    }
    const key = this.known(kid);
    if (key === undefined && this.failure !== undefined) throw this.failure;
    return key;
  }

  private known(kid: string): CryptoKey | undefined {
    return this.age() < this.settings.staleMs ? this.keys.get(kid) : undefined;
  }

  private isDue(kid: string): boolean {
    if (this.fetching !== undefined) return this.age() >= this.settings.cacheMs || !this.keys.has(kid);
    const sinceTried = this.since(this.triedAt);
    if (this.failure !== undefined) return sinceTried >= FAILURE_PAUSE_MS;
    if (this.age() >= this.settings.cacheMs) return true;
    return !this.keys.has(kid) && sinceTried >= this.settings.cooldownMs;
  }

  private age(): number {
    return this.since(this.fetchedAt);
  }

  /**
   * The longer of what the clock and what the process's own scale say: a clock that is set back would stretch a pause, or the life of a withdrawn key,
   * by as much; and of a machine's sleep only the clock tells.
   */
  private since({ clock, uptime }: Instant): number {
    return Math.max(this.settings.now() - clock, performance.now() - uptime);
  }

  private instant(): Instant {
    return { clock: this.settings.now(), uptime: performance.now() };
  }

  private fetchOnce(): Promise<void> {
    this.fetching ??= this.fetch().finally(() => (this.fetching = undefined));
    return this.fetching;
  }

  private async fetch(): Promise<void> {
    try {
      const url = await discoverKeys(this.settings);
      this.keys = await usableKeys(await getJson(url, this.settings), url);
      this.fetchedAt = this.instant();
      this.failure = undefined;
    } catch (error) {
      const isOurs = error instanceof LatchkeyVerifyError;
      this.failure = isOurs ? error : new LatchkeyVerifyError('issuer_unavailable', String(error), { cause: error });
    } finally {
      this.triedAt = this.instant();
    }
  }
}

/** Keys of other kinds and for other uses are passed over: an issuer may publish them as well. */
async function usableKeys(document: unknown, url: URL): Promise<ReadonlyMap<string, CryptoKey>> {
  const { keys } = (document ?? {}) as { readonly keys?: unknown };
  if (!Array.isArray(keys) || keys.length > MOST_KEYS) {
    throw new LatchkeyVerifyError('issuer_unavailable', `${url.href} is no key set`);
  }
  const usable = new Map<string, CryptoKey>();
  for (const jwk of keys.filter(isSigningKey)) {
    const key = await imported(jwk);
    if (key !== undefined) usable.set(jwk.kid, key);
  }
  if (usable.size === 0) throw new LatchkeyVerifyError('issuer_unavailable', `${url.href} has no ES256 key`);
  return usable;
}

function isSigningKey(value: unknown): value is JWK & { readonly kid: string } {
  const { kty, crv, alg, use, kid } = (value ?? {}) as Record<string, unknown>;
  if (kty !== 'EC' || crv !== 'P-256') return false;
  if (alg !== undefined && alg !== 'ES256') return false;
  if (use !== undefined && use !== 'sig') return false;
  return typeof kid === 'string' && kidShape.test(kid);
}

async function imported({ kty, crv, x, y }: JWK): Promise<CryptoKey | undefined> {
  const { importJWK } = await import('jose');
  try {
    return (await importJWK({ kty, crv, x, y } as JWK, 'ES256')) as CryptoKey;
  } catch {
    return undefined; // not a point of the curve
  }
}
