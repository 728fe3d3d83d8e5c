// Finds a client app by its id, its key, or both. One indexed read, remembered for at most 5 s, so a disabled client stops within 5 s on every
// instance. A wrong key costs the same read as a right one that is not remembered.
import { Inject, Injectable } from '@nestjs/common';
import { LoadedConfig } from '../../config/load-config';
import { Database } from '../../database/database.service';
import type { Sql } from '../../database/sql';
import { Clock } from '../../platform/clock/clock';
import { BriefMemory } from './brief-memory';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { clientSecrets } from '../opaque-tokens.algorithm';
import { clientIdForm, DEVELOPMENT_ADMIN, FIRST_PARTY } from './client.policy';
import { ClientsStore } from './clients.store';
import type { ApiClient, ApiClientRecord } from './clients.types';

const REMEMBERED_CLIENTS = 1000;

@Injectable()
export class ClientsService {
  private readonly named: BriefMemory<ApiClientRecord>;
  private readonly keys: BriefMemory<ApiClientRecord>;
  private readonly origins: BriefMemory<ReadonlySet<string>>;

  constructor(
    @Inject(Database) private readonly database: Sql,
    private readonly store: ClientsStore,
    private readonly config: LoadedConfig,
    clock: Clock,
  ) {
    this.named = new BriefMemory(clock, REMEMBERED_CLIENTS);
    this.keys = new BriefMemory(clock, REMEMBERED_CLIENTS);
    this.origins = new BriefMemory(clock, 1);
  }

  /** @returns undefined for a client that is unknown, disabled or deleted. @throws AppError overloaded, not_ready */
  async find(clientId: string): Promise<ApiClient | undefined> {
    if (!clientIdForm.test(clientId)) return undefined;
    const client = await this.named.recall(clientId, () => this.store.find(this.database, clientId));
    return client?.disabledAt === null ? this.usable(client) : undefined;
  }

  /**
   * The client id that a flow keeps. Does not depend on any account. @param clientId as the caller gave it; absent: our own app
   * @throws AppError validation_failed with /clientId when `find` does not find it; overloaded, not_ready
   */
  async demandNamed(clientId: string = FIRST_PARTY): Promise<string> {
    if (clientId === FIRST_PARTY || (await this.find(clientId)) !== undefined) return clientId;
    throw new AppError(platformErrors.validation_failed, { errors: [{ pointer: '/clientId', code: 'unknown' }] });
  }

  /** By client id and secret of HTTP Basic (RFC 6749 section 2.3.1). @returns undefined when they do not belong together. @throws as find */
  async authenticate(clientId: string, secret: string): Promise<ApiClient | undefined> {
    const client = await this.byApiKey(secret);
    return client?.clientId === clientId ? client : undefined;
  }

  /** @returns undefined when no living client has this secret. @throws as find */
  async byApiKey(key: string): Promise<ApiClient | undefined> {
    const digest = clientSecrets.digest(key);
    if (digest === undefined) return undefined;
    const look = () => this.store.findBySecret(this.database, digest);
    const client = await this.keys.recall(digest.toString('base64url'), look);
    return client === undefined ? undefined : this.usable(client);
  }

  /** The origins of all living clients. @throws as find */
  async allowedOrigins(): Promise<ReadonlySet<string>> {
    const all = await this.origins.recall('', async () => new Set(await this.store.origins(this.database)));
    return all ?? new Set();
  }

  /** To be called after a change of a client app. */
  forget(): void {
    for (const memory of [this.named, this.keys, this.origins]) memory.forgetAll();
  }

  // A database that was used in development contains a client whose key lies in a file. Production must not accept it.
  private usable(client: ApiClient): ApiClient | undefined {
    return this.config.environment.production && client.clientId === DEVELOPMENT_ADMIN ? undefined : client;
  }
}
