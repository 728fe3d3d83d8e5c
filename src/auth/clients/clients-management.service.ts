// What the operator does with client apps, by command line or admin API. Each change is one transaction with an audit row that says who made it. A
// secret is returned only by the call that made it. Other instances follow within 5 s (ClientsService).
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.service';
import type { AuditEventName } from '../../audit/audit.types';
import type { Secret } from '../../config/secret';
import { Database } from '../../database/database.service';
import { Transactions, type Tx } from '../../database/transactions';
import { Clock } from '../../platform/clock/clock';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { Random } from '../../platform/random/random';
import { RequestContext } from '../../platform/request/request-context';
import { clientSecrets } from '../opaque-tokens.algorithm';
import { clientIdForm, clientProblems, DEVELOPMENT_ADMIN, FIRST_PARTY } from './client.policy';
import { ClientsService } from './clients.service';
import { ClientsStore } from './clients.store';
import type { ApiClientRecord, ClientChanges, ClientSettings, NewClient } from './clients.types';

export interface ClientWithSecret {
  readonly client: ApiClientRecord;
  readonly secret: Secret;
}

/** Every method: `by` is who asks, such as `cli:root` or `client:ops`. @throws AppError overloaded, not_ready; besides what it names */
@Injectable()
export class ClientsManagement {
  constructor(
    private readonly database: Database,
    private readonly transactions: Transactions,
    private readonly store: ClientsStore,
    private readonly clients: ClientsService,
    private readonly audit: AuditLog,
    private readonly random: Random,
    private readonly clock: Clock,
    private readonly context: RequestContext,
  ) {}

  /** In the order of client ids. @param after the last client id of the page before; '' for the first page */
  list(after: string, limit: number): Promise<ApiClientRecord[]> {
    return this.store.page(this.database, after, limit);
  }

  /** @throws AppError not_found */
  async show(clientId: string): Promise<ApiClientRecord> {
    demandForm(clientId);
    return present(await this.store.find(this.database, clientId));
  }

  /**
   * Name and audience default to the client id.
   * @throws AppError validation_failed, conflict when the client id was ever used or 1000 clients exist
   */
  async create(wanted: NewClient, by: string): Promise<ClientWithSecret> {
    const { clientId = `app-${this.random.bytes(8).toString('hex')}`, ...given } = wanted;
    const defaults = {
      name: clientId,
      audience: clientId,
      accessTokenTtlSeconds: null,
      allowedOrigins: [],
      redirectUris: [],
      scopes: [],
    };
    const settings: ClientSettings = { ...defaults, ...defined(given) };
    const reserved = clientId === FIRST_PARTY || clientId === DEVELOPMENT_ADMIN || !clientIdForm.test(clientId);
    demandAllowed(settings, reserved ? [{ pointer: '/clientId', code: 'invalid' }] : []);
    return this.withSecret(async (tx, secret) => {
      const client = await this.store.insert(tx, { ...settings, id: this.random.uuid(), clientId }, secret);
      if (client === undefined) return undefined;
      await this.record(tx, 'client_created', client, by, { scopes: client.scopes });
      return client;
    }, conflict);
  }

  /** Changes only the settings that are given. @throws AppError validation_failed, not_found */
  async update(clientId: string, given: ClientChanges, by: string): Promise<ApiClientRecord> {
    demandForm(clientId);
    const changes = defined(given);
    demandAllowed(changes);
    const updated = await this.transactions.run(async (tx) => {
      const before = await this.store.lock(tx, clientId);
      if (before === undefined) return undefined;
      const client = await this.store.update(tx, before.id, { ...before, ...changes }, this.clock.now());
      if (client !== undefined) await this.record(tx, 'client_updated', client, by, { changed: Object.keys(changes) });
      return client;
    });
    this.clients.forget();
    return present(updated);
  }

  /** The old secret stops working, here at once. @throws AppError not_found */
  async rotateSecret(clientId: string, by: string): Promise<ClientWithSecret> {
    demandForm(clientId);
    return this.withSecret(async (tx, secret) => {
      const client = await this.store.setSecret(tx, clientId, secret);
      if (client !== undefined) await this.record(tx, 'client_secret_rotated', client, by);
      return client;
    }, notFound);
  }

  /** Its key, logins, refreshes and sessions stop. After `enable`, sessions that have not expired go on. @throws AppError not_found */
  disable(clientId: string, by: string): Promise<ApiClientRecord> {
    return this.setState(clientId, 'disabled', by);
  }

  /** @throws AppError not_found */
  enable(clientId: string, by: string): Promise<ApiClientRecord> {
    return this.setState(clientId, 'enabled', by);
  }

  /** For good: its sessions end, and its client id is never given again. @throws AppError not_found */
  async delete(clientId: string, by: string): Promise<void> {
    await this.setState(clientId, 'deleted', by);
  }

  private async setState(clientId: string, state: 'disabled' | 'enabled' | 'deleted', by: string) {
    demandForm(clientId);
    const changed = await this.transactions.run(async (tx) => {
      const client = await this.store.setState(tx, clientId, state, this.clock.now());
      if (client !== undefined) await this.record(tx, `client_${state}`, client, by);
      return client;
    });
    this.clients.forget();
    return present(changed);
  }

  private async withSecret(
    write: (tx: Tx, row: { digest: Buffer; at: Date }) => Promise<ApiClientRecord | undefined>,
    refusal: () => AppError,
  ): Promise<ClientWithSecret> {
    const { token: secret, digest } = clientSecrets.make(this.random);
    const client = await this.transactions.run((tx) => write(tx, { digest, at: this.clock.now() }));
    if (client === undefined) throw refusal();
    this.clients.forget();
    return { client, secret };
  }

  private async record(
    tx: Tx,
    event: AuditEventName,
    { id, clientId }: ApiClientRecord,
    by: string,
    more: Record<string, unknown> = {},
  ): Promise<void> {
    const { requestId, address } = this.context;
    const meta = { by, clientId, ...more };
    await this.audit.record(tx, { event, at: this.clock.now(), ref: id, requestId, address, meta });
  }
}

function defined(settings: ClientChanges): Partial<ClientSettings> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function demandAllowed(settings: ClientChanges, more: readonly { pointer: string; code: string }[] = []): void {
  const errors = [...more, ...clientProblems(settings)];
  if (errors.length > 0) throw new AppError(platformErrors.validation_failed, { errors });
}

/** A text that cannot be a client id is answered as unknown: the database cannot even look for some of them (those with NUL). */
function demandForm(clientId: string): void {
  if (!clientIdForm.test(clientId)) throw notFound();
}

function present(client: ApiClientRecord | undefined): ApiClientRecord {
  if (client === undefined) throw notFound();
  return client;
}

function notFound(): AppError {
  return new AppError(platformErrors.not_found, { reason: 'no such client' });
}

function conflict(): AppError {
  return new AppError(platformErrors.conflict, { errors: [{ pointer: '/clientId', code: 'taken' }] });
}
