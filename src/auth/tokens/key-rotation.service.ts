// Moves signing keys from next to current to retired (docs/adr/0019), by the operator or by schedule. Each change is one transaction with
// its audit row. A change that finds the keys changed meanwhile does nothing, so two instances that rotate at once rotate once.
import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.service';
import type { AuditEventName } from '../../audit/audit.types';
import { Transactions, type Tx } from '../../database/transactions';
import { JobRegistry } from '../../jobs/job-registry.service';
import { Clock } from '../../platform/clock/clock';
import { SealedBox } from '../../platform/crypto/sealed-box';
import { OperatorError } from '../../platform/process/operator-error';
import { generateSigningKey } from './jwk.algorithm';
import { acceptedUntil, knownFrom, rotationIsDue, signsSince } from './key-rotation.policy';
import type { Imported, Revoked, Rotated, Scheduled, SigningKeyInfo } from './key-rotation.types';
import { readSigningKey } from './private-key.algorithm';
import { openKey, sealKey } from './sealed-key';
import { SigningKeysService } from './signing-keys.service';
import { SigningKeyRow, SigningKeysStore } from './signing-keys.store';
import { TokensConfig } from './tokens.config';

interface Keys {
  readonly rows: readonly SigningKeyRow[];
  readonly current: SigningKeyRow;
  readonly next: SigningKeyRow;
}

/** Somebody else has changed the keys since we read them. What we had begun is rolled back. */
class Outrun extends OperatorError {
  constructor() {
    super('the keys were changed at the same moment by somebody else: see keys list');
  }
}

/** Every method: `by` is who asks, such as `cli:root`. @throws OperatorError, one line; AppError overloaded or not_ready */
@Injectable()
export class KeyRotationService implements OnModuleInit {
  private readonly logger = new Logger('signing-keys');

  constructor(
    private readonly keys: SigningKeysService,
    private readonly store: SigningKeysStore,
    private readonly transactions: Transactions,
    private readonly audit: AuditLog,
    private readonly boxes: SealedBox,
    private readonly registry: JobRegistry,
    private readonly config: TokensConfig,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.registry.registerPeriodic({ name: 'signing_keys', minutes: 1, handler: () => this.rotateWhenDue() });
  }

  /** Newest first, without keys whose last token has expired. */
  async list(): Promise<SigningKeyInfo[]> {
    return (await this.read()).rows.map(info);
  }

  /** The next key signs from now on if every verifier knows it, otherwise from the moment when all do. @param atOnce does not wait for that */
  async rotate(by: string, { atOnce }: { atOnce: boolean }): Promise<Rotated | Scheduled> {
    const { current, next } = await this.read();
    const [now, signsFrom] = [this.clock.now(), knownFrom(next.created_at)];
    if (atOnce || signsFrom <= now) return this.swap(current, next, by);
    const since = signsSince(current);
    if (now < knownFrom(since)) {
      const [began, free] = [since.toISOString(), signsFrom.toISOString()];
      throw new OperatorError(`the current key signs only since ${began}: rotate again from ${free} on, or with --now`);
    }
    await this.change('signing_key_scheduled', { by, next: next.kid, signsFrom }, async (tx) => {
      demand(await this.store.schedule(tx, next.kid, signsFrom));
    });
    return { next: next.kid, signsFrom };
  }

  /** The given key replaces the next key. @param text PEM or JWK */
  async import(text: string, by: string): Promise<Imported> {
    const imported = readSigningKey(text);
    const { rows, next } = await this.read();
    const known = rows.find(({ kid }) => kid === imported.kid);
    if (known !== undefined) throw new OperatorError(`this key is here already: ${known.kid} (${known.state})`);
    const now = this.clock.now();
    await this.change('signing_key_imported', { by, next: imported.kid, removed: next.kid }, async (tx) => {
      demand(await this.store.remove(tx, next));
      demand(await this.store.offer(tx, sealKey(this.boxes, imported), 'next', now));
    });
    return { next: imported.kid, signsFrom: knownFrom(now), removed: next.kid };
  }

  /** For a key that somebody else may have: tokens that it has signed are refused from now on. The next key signs, however young it is. */
  async revoke(kid: string, by: string): Promise<Revoked> {
    const { rows, current, next } = await this.read();
    const revoked = rows.find((row) => row.kid === kid);
    if (revoked === undefined) throw new OperatorError(`there is no key ${kid}: see keys list`);
    const { state } = revoked;
    if (state === 'current') this.demandOpen(next);
    await this.change('signing_key_revoked', { by, kid, state }, async (tx) => {
      demand(await this.store.remove(tx, revoked));
      if (state === 'current') demand(await this.store.promote(tx, next.kid, this.clock.now()));
      if (state !== 'retired') await this.offerNext(tx);
    });
    return { revoked: kid, state, current: state === 'current' ? next.kid : current.kid };
  }

  /** Every minute on one instance: rotates when the operator or SIGNING_KEY_ROTATION_DAYS wants it by now. */
  private async rotateWhenDue(): Promise<void> {
    const { current, next } = await this.read();
    if (!rotationIsDue(current, next, this.clock.now(), this.config.SIGNING_KEY_ROTATION_DAYS)) return;
    try {
      await this.swap(current, next, 'schedule');
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      this.logger.warn(`not rotated: ${error.message}`);
    }
  }

  private async swap(current: SigningKeyRow, next: SigningKeyRow, by: string): Promise<Rotated> {
    this.demandOpen(next);
    const now = this.clock.now();
    const rotated = { current: next.kid, retired: current.kid, acceptedUntil: acceptedUntil(now) };
    await this.change('signing_key_rotated', { by, ...rotated }, async (tx) => {
      demand(await this.store.retire(tx, current.kid, now, rotated.acceptedUntil));
      demand(await this.store.promote(tx, next.kid, now));
      await this.offerNext(tx);
    });
    return rotated;
  }

  /** One statement. Makes the first keys if there are none. */
  private async read(): Promise<Keys> {
    const found = await this.find();
    if (found !== undefined) return found;
    await this.keys.reload();
    const made = await this.find();
    if (made === undefined) throw new Outrun();
    return made;
  }

  private async find(): Promise<Keys | undefined> {
    const rows = await this.store.allToRotate(this.clock.now());
    const [current, next] = (['current', 'next'] as const).map((wanted) => rows.find(({ state }) => state === wanted));
    return current === undefined || next === undefined ? undefined : { rows, current, next };
  }

  private async change(event: AuditEventName, meta: object, work: (tx: Tx) => Promise<void>): Promise<void> {
    await this.transactions.run(async (tx) => {
      await work(tx);
      await this.audit.record(tx, { event, at: this.clock.now(), meta: { ...meta } });
    });
    await this.keys.reload();
    this.logger.log({ event, ...meta });
  }

  private async offerNext(tx: Tx): Promise<void> {
    await this.store.offer(tx, sealKey(this.boxes, generateSigningKey()), 'next', this.clock.now());
  }

  /** Refuses a key that is sealed under a secret which this process does not have: nobody could sign any more. */
  private demandOpen(next: SigningKeyRow): void {
    const opened = openKey(this.boxes, next);
    if (typeof opened !== 'string') return;
    throw new OperatorError(`the next key does not open (${opened}): check SECRET_KEYS, or keys revoke ${next.kid}`);
  }
}

function demand(changed: boolean): void {
  if (!changed) throw new Outrun();
}

function info({ kid, state, created_at, activated_at, retired_at, accepted_until }: SigningKeyRow): SigningKeyInfo {
  return {
    kid,
    state,
    createdAt: created_at,
    signsFrom: state === 'next' ? knownFrom(created_at) : activated_at,
    retiredAt: retired_at,
    acceptedUntil: accepted_until,
  };
}
