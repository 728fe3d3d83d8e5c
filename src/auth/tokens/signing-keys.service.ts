// The keys that sign and check access tokens. The first instance makes them; they are sealed in the database and held in memory as
// KeyObjects (a PEM for each signature costs 20 times more, performance.md 4). They are read again every 5 s, so that a rotation or removal
// by any instance is known here. An unknown key id causes one more reading, at most every 5 s, so made-up ids cost nothing (A28).
// Invariant: keys that were read longer ago than the lease sign nothing. So a key stops signing at most one lease after it was retired.
import { KeyObject } from 'node:crypto';
import { Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock';
import { SealedBox } from '../../platform/crypto/sealed-box';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { markJob } from '../../platform/request/job-mark';
import { generateSigningKey, PublishedJwk, publicKeyOf, publicMembers } from './jwk.algorithm';
import { SIGNING_LEASE_SECONDS } from './key-rotation.policy';
import { openKey, sealKey } from './sealed-key';
import { SigningKey } from './signing-key';
import { SigningKeyRow, SigningKeysStore } from './signing-keys.store';

interface Loaded {
  /** Or one word that says why it does not open. Checking and publishing need no private half. */
  readonly current: SigningKey | string;
  readonly verifiers: ReadonlyMap<string, KeyObject>;
  readonly published: readonly PublishedJwk[];
  readonly at: number;
}

const RELOAD_MILLISECONDS = 5000;

@Injectable()
export class SigningKeysService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('signing-keys');
  private loaded: Loaded | undefined;
  private loading: Promise<Loaded> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private failing = false;

  constructor(
    private readonly store: SigningKeysStore,
    private readonly boxes: SealedBox,
    private readonly clock: Clock,
  ) {}

  // An error does not end the start: while migrations are missing (MIGRATE_ON_START=false), the process runs, is not ready, and loads keys
  // at first use.
  async onApplicationBootstrap(): Promise<void> {
    this.timer = setInterval(() => void this.keepFresh(), RELOAD_MILLISECONDS).unref();
    await this.keepFresh();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** The key that signs, from memory; undefined when it has to be read first. */
  atHand(): SigningKey | undefined {
    const held = this.loaded;
    if (held === undefined || typeof held.current === 'string') return undefined;
    return this.age(held) < SIGNING_LEASE_SECONDS * 1000 ? held.current : undefined;
  }

  /** @throws AppError not_ready while the keys cannot be read or the current one does not open */
  async current(): Promise<SigningKey> {
    const key = this.atHand() ?? (await this.load()).current;
    if (typeof key !== 'string') return key;
    throw unavailable(`the current signing key does not open: ${key} (check SECRET_KEYS)`);
  }

  /** The public key with this id; undefined when there is none. @throws AppError not_ready while the keys cannot be read */
  async verifier(kid: string): Promise<KeyObject | undefined> {
    const loaded = this.loaded ?? (await this.load());
    const found = loaded.verifiers.get(kid);
    if (found !== undefined || this.age(loaded) < RELOAD_MILLISECONDS) return found;
    return (await this.load()).verifiers.get(kid);
  }

  /** Whether tokens of this key are still accepted, from memory. */
  holds(kid: string): boolean {
    return this.loaded?.verifiers.has(kid) ?? false;
  }

  /** All public keys. The next one is among them, so that other servers know it before it signs (RFC 7517). */
  async published(): Promise<readonly PublishedJwk[]> {
    return (this.loaded ?? (await this.load())).published;
  }

  /** Reads the keys now, and makes the first ones if there are none. @throws AppError not_ready when they cannot be read */
  async reload(): Promise<void> {
    await this.loading?.catch(() => undefined); // a load that is under way may have begun before the change that the caller wants to see
    await this.load();
  }

  // One load at a time, shared by all callers. It uses connections that a flood of requests cannot take.
  private load(): Promise<Loaded> {
    this.loading ??= markJob(() => this.read()).finally(() => (this.loading = undefined));
    return this.loading;
  }

  private async keepFresh(): Promise<void> {
    try {
      await this.load();
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn(`not read: ${String(error)}`);
      this.failing = true;
    }
  }

  private async read(): Promise<Loaded> {
    const at = this.clock.now();
    const rows = await this.rows(at);
    const current = rows.find(({ state }) => state === 'current');
    if (current === undefined) throw unavailable('no current signing key');
    this.loaded = {
      current: this.opened(current),
      verifiers: new Map(rows.map((row) => [row.kid, publicKeyOf(row.public_jwk)])),
      published: rows.map((row) => published(row)),
      at: at.getTime(),
    };
    return this.loaded;
  }

  private async rows(now: Date): Promise<SigningKeyRow[]> {
    const rows = await this.store.all(now);
    const missing = (['current', 'next'] as const).filter((wanted) => !rows.some(({ state }) => state === wanted));
    for (const state of missing) {
      await this.store.offer(undefined, sealKey(this.boxes, generateSigningKey()), state, now);
    }
    return missing.length === 0 ? rows : this.store.all(now);
  }

  private opened(row: SigningKeyRow): SigningKey | string {
    const held = this.loaded?.current;
    if (typeof held === 'object' && held.kid === row.kid) return held;
    const opened = openKey(this.boxes, row);
    return typeof opened === 'string' ? opened : new SigningKey(row.kid, opened);
  }

  private age({ at }: Loaded): number {
    return Math.abs(this.clock.now().getTime() - at);
  }
}

function published(row: SigningKeyRow): PublishedJwk {
  return { ...publicMembers(row.public_jwk), kid: row.kid, alg: 'ES256', use: 'sig' };
}

function unavailable(reason: string): AppError {
  return new AppError(platformErrors.not_ready, { reason, retryAfterSeconds: 5 });
}
