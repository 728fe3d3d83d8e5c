// The keys access tokens are signed and checked with: made by whichever instance comes first, sealed in the database, held
// as KeyObjects (a PEM per signature costs 20 times more, performance.md 4). Checking needs no query: an unknown key id
// leads to one reload, at most every 5 s, so made-up ids cannot become database load (A28).
import { createPrivateKey, JsonWebKey, KeyObject } from 'node:crypto';
import { Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock';
import { SealedBox } from '../../platform/crypto/sealed-box';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { generateSigningKey, PublishedJwk, publicKeyOf, publicMembers } from './jwk.algorithm';
import { SigningKeyRow, SigningKeysStore } from './signing-keys.store';

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

interface Loaded {
  readonly current: SigningKey;
  readonly verifiers: ReadonlyMap<string, KeyObject>;
  readonly published: readonly PublishedJwk[];
  readonly at: number;
}

const RELOAD_MILLISECONDS = 5000;

@Injectable()
export class SigningKeysService implements OnApplicationBootstrap {
  private readonly logger = new Logger('signing-keys');
  private loaded: Loaded | undefined;
  private loading: Promise<Loaded> | undefined;

  constructor(
    private readonly store: SigningKeysStore,
    private readonly boxes: SealedBox,
    private readonly clock: Clock,
  ) {}

  // Not fatal: with the tables still to come (MIGRATE_ON_START=false) the process is up, not ready, and loads at first use.
  async onApplicationBootstrap(): Promise<void> {
    await this.load().catch((error: unknown) => this.logger.warn(`not loaded at start: ${String(error)}`));
  }

  /** @throws AppError not_ready while the keys cannot be read. */
  async current(): Promise<SigningKey> {
    return (this.loaded ?? (await this.load())).current;
  }

  /** The public key of this id, or undefined when there is none. @throws AppError not_ready while the keys cannot be read. */
  async verifier(kid: string): Promise<KeyObject | undefined> {
    const loaded = this.loaded ?? (await this.load());
    const found = loaded.verifiers.get(kid);
    if (found !== undefined || Math.abs(this.clock.now().getTime() - loaded.at) < RELOAD_MILLISECONDS) return found;
    return (await this.load()).verifiers.get(kid);
  }

  /** Whether tokens of this key are still good, from memory. */
  holds(kid: string): boolean {
    return this.loaded?.verifiers.has(kid) ?? false;
  }

  /** All public keys, the next one included, so that other servers know it before it signs (RFC 7517). */
  async published(): Promise<readonly PublishedJwk[]> {
    return (this.loaded ?? (await this.load())).published;
  }

  /** What there is, newest first, for the operator. */
  async list(): Promise<{ kid: string; state: string }[]> {
    await this.load(); // makes the first key where there is none
    return (await this.store.all()).map(({ kid, state }) => ({ kid, state }));
  }

  // One load at a time, shared by all who wait for it.
  private load(): Promise<Loaded> {
    this.loading ??= this.read().finally(() => (this.loading = undefined));
    return this.loading;
  }

  private async read(): Promise<Loaded> {
    let rows = await this.store.all();
    if (!rows.some(({ state }) => state === 'current')) {
      await this.offer();
      rows = await this.store.all();
    }
    const current = rows.find(({ state }) => state === 'current');
    if (current === undefined) throw unavailable('no current signing key');
    this.loaded = {
      current: { kid: current.kid, privateKey: this.unsealed(current) },
      verifiers: new Map(rows.map((row) => [row.kid, publicKeyOf(row.public_jwk)])),
      published: rows.map((row) => published(row)),
      at: this.clock.now().getTime(),
    };
    return this.loaded;
  }

  private async offer(): Promise<void> {
    const { kid, publicJwk, privateKey } = generateSigningKey();
    const sealed = this.boxes.seal(privateKey.export({ format: 'der', type: 'pkcs8' }), context(kid));
    await this.store.offerCurrent(
      { kid, public_jwk: { ...publicJwk } satisfies JsonWebKey, private_sealed: sealed },
      this.clock.now(),
    );
  }

  private unsealed(row: SigningKeyRow): KeyObject {
    const opened = this.boxes.open(row.private_sealed, context(row.kid));
    if (!opened.ok) throw unavailable(`the current signing key does not open: ${opened.reason} (check SECRET_KEYS)`);
    return createPrivateKey({ key: opened.plain, format: 'der', type: 'pkcs8' });
  }
}

function published(row: SigningKeyRow): PublishedJwk {
  return { ...publicMembers(row.public_jwk), kid: row.kid, alg: 'ES256', use: 'sig' };
}

function context(kid: string): string {
  return `signing_keys/${kid}`;
}

function unavailable(reason: string): AppError {
  return new AppError(platformErrors.not_ready, { reason, retryAfterSeconds: 5 });
}
