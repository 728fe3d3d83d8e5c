// Rows of api_clients. When a statement changes no row, there is no such client (any more): that is a result, not an error.
import { Injectable } from '@nestjs/common';
import { type Sql, statement } from '../../database/sql';
import type { ApiClientRecord, ClientSettings } from './clients.types';

const columns = `id, client_id AS "clientId", name, audience, access_token_ttl_seconds AS "accessTokenTtlSeconds",
  allowed_origins AS "allowedOrigins", redirect_uris AS "redirectUris", scopes, created_at AS "createdAt", updated_at AS "updatedAt",
  secret_created_at AS "secretCreatedAt", disabled_at AS "disabledAt"`;

/** With more, checking the origin of a page would take long; and one account server does not need more. */
const CLIENTS_MAX = 1000;

const byClientId = statement(
  'clients_by_client_id',
  `SELECT ${columns} FROM api_clients WHERE client_id = $1 AND deleted_at IS NULL`,
);
const bySecret = statement(
  'clients_by_secret',
  `SELECT ${columns} FROM api_clients WHERE secret_digest = $1 AND disabled_at IS NULL`,
);
const page = statement(
  'clients_page',
  `SELECT ${columns} FROM api_clients WHERE deleted_at IS NULL AND client_id > $1 ORDER BY client_id LIMIT $2`,
);
const origins = statement(
  'clients_origins',
  `SELECT DISTINCT unnest(allowed_origins) AS origin FROM api_clients WHERE disabled_at IS NULL AND deleted_at IS NULL`,
);
const insert = statement(
  'clients_insert',
  `INSERT INTO api_clients (id, client_id, name, audience, access_token_ttl_seconds, allowed_origins, redirect_uris, scopes, secret_digest,
                            created_at, updated_at, secret_created_at)
   SELECT $1, $2, $3, $4, $5, $6::text[], $7::text[], $8::text[], $9, $10, $10, $10
    WHERE (SELECT count(*) FROM api_clients WHERE deleted_at IS NULL) < ${CLIENTS_MAX}
   ON CONFLICT (client_id) DO NOTHING RETURNING ${columns}`,
);
const update = statement(
  'clients_update',
  `UPDATE api_clients SET name = $2, audience = $3, access_token_ttl_seconds = $4, allowed_origins = $5::text[], redirect_uris = $6::text[],
          scopes = $7::text[], updated_at = $8
    WHERE id = $1 AND deleted_at IS NULL RETURNING ${columns}`,
);
const lock = statement(
  'clients_lock',
  `SELECT ${columns} FROM api_clients WHERE client_id = $1 AND deleted_at IS NULL FOR UPDATE`,
);
const setSecret = statement(
  'clients_set_secret',
  `UPDATE api_clients SET secret_digest = $2, secret_created_at = $3, updated_at = $3
    WHERE client_id = $1 AND deleted_at IS NULL RETURNING ${columns}`,
);
const disable = statement(
  'clients_disable',
  `UPDATE api_clients SET disabled_at = coalesce(disabled_at, $2), updated_at = $2
    WHERE client_id = $1 AND deleted_at IS NULL RETURNING ${columns}`,
);
const enable = statement(
  'clients_enable',
  `UPDATE api_clients SET disabled_at = NULL, updated_at = $2 WHERE client_id = $1 AND deleted_at IS NULL RETURNING ${columns}`,
);
const remove = statement(
  'clients_delete',
  `UPDATE api_clients SET deleted_at = $2, secret_digest = NULL, updated_at = $2
    WHERE client_id = $1 AND deleted_at IS NULL RETURNING ${columns}`,
);

export interface ClientSecretRow {
  readonly digest: Buffer;
  readonly at: Date;
}

/** Methods that write take a transaction; those that read take anything that runs statements. */
@Injectable()
export class ClientsStore {
  find(sql: Sql, clientId: string): Promise<ApiClientRecord | undefined> {
    return one(sql, byClientId, [clientId]);
  }

  /** Finds no disabled client. */
  findBySecret(sql: Sql, digest: Buffer): Promise<ApiClientRecord | undefined> {
    return one(sql, bySecret, [digest]);
  }

  page(sql: Sql, after: string, limit: number): Promise<ApiClientRecord[]> {
    return sql.run(page, [after, limit]);
  }

  async origins(sql: Sql): Promise<string[]> {
    const rows = await sql.run<{ origin: string }>(origins, []);
    return rows.map(({ origin }) => origin);
  }

  /** @returns undefined when the client id was ever given before, or there are too many clients */
  insert(
    tx: Sql,
    client: ClientSettings & { id: string; clientId: string },
    secret: ClientSecretRow,
  ): Promise<ApiClientRecord | undefined> {
    const { id, clientId } = client;
    return one(tx, insert, [id, clientId, ...settingsOf(client), secret.digest, secret.at]);
  }

  /** Locks the row until the transaction ends. */
  lock(tx: Sql, clientId: string): Promise<ApiClientRecord | undefined> {
    return one(tx, lock, [clientId]);
  }

  update(tx: Sql, id: string, settings: ClientSettings, at: Date): Promise<ApiClientRecord | undefined> {
    return one(tx, update, [id, ...settingsOf(settings), at]);
  }

  setSecret(tx: Sql, clientId: string, { digest, at }: ClientSecretRow): Promise<ApiClientRecord | undefined> {
    return one(tx, setSecret, [clientId, digest, at]);
  }

  setState(
    tx: Sql,
    clientId: string,
    state: 'disabled' | 'enabled' | 'deleted',
    at: Date,
  ): Promise<ApiClientRecord | undefined> {
    return one(tx, { disabled: disable, enabled: enable, deleted: remove }[state], [clientId, at]);
  }
}

function settingsOf(settings: ClientSettings): unknown[] {
  const { name, audience, accessTokenTtlSeconds, allowedOrigins, redirectUris, scopes } = settings;
  return [name, audience, accessTokenTtlSeconds, allowedOrigins, redirectUris, scopes];
}

async function one(
  sql: Sql,
  query: Parameters<Sql['run']>[0],
  values: unknown[],
): Promise<ApiClientRecord | undefined> {
  const [row] = await sql.run<ApiClientRecord>(query, values);
  return row;
}
