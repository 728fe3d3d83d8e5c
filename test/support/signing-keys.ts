// Signing keys as the operator and the schedule move them.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from './api-client';
import { cliRecords } from './cli';
import type { System } from './instance';

export interface KeyRecord {
  readonly kid: string;
  readonly state: 'next' | 'current' | 'retired';
  readonly signsFrom: string | null;
  readonly acceptedUntil: string | null;
}

/** As long as a next key is published before it may sign; docs/adr/0019. */
export const PUBLISHED_SECONDS = 660;

export function keysOf(system: System): Promise<KeyRecord[]> {
  return cliRecords<KeyRecord>(system.env, 'keys', 'list');
}

export async function keyIn(system: System, state: KeyRecord['state']): Promise<string> {
  const { rows } = await system.database.query<{ kid: string }>(
    'SELECT kid FROM signing_keys WHERE state = $1 ORDER BY retired_at DESC',
    [state],
  );
  return rows[0]?.kid ?? '';
}

/** Runs a job of the queue by its name, on whichever instance takes it, and waits for its end. @throws Error when it fails */
export async function runJob({ database }: System, name: string, times = 1): Promise<void> {
  const { rows } = await database.query<{ id: string }>(
    `SELECT (graphile_worker.add_job($1, max_attempts := 1)).id FROM generate_series(1, $2::int)`,
    [name, times],
  );
  const ids = rows.map(({ id }) => id);
  const look = `SELECT count(*)::int AS left, max(last_error) AS error FROM graphile_worker._private_jobs WHERE id = ANY ($1::bigint[])`;
  for (;;) {
    const [job] = (await database.query<{ left: number; error: string | null }>(look, [ids])).rows;
    if (job?.error) throw new Error(`${name}: ${job.error}`);
    if (job?.left === 0) return;
    await sleep(20);
  }
}

export async function publishedBy(api: ApiClient): Promise<string[]> {
  const { body } = await api.get<{ keys: { kid: string }[] }>('/.well-known/jwks.json');
  return body.keys.map(({ kid }) => kid);
}

/** Waits until every instance publishes this key, or no longer does. @throws Error when that does not happen in time */
export async function untilPublished({ apis }: System, kid: string, isPublished = true): Promise<void> {
  for (const end = Date.now() + 30_000; ; await sleep(100)) {
    const all = await Promise.all(apis.map(publishedBy));
    if (all.every((kids) => kids.includes(kid) === isPublished)) return;
    if (Date.now() > end) throw new Error(`${kid} is ${isPublished ? 'not' : 'still'} published everywhere`);
  }
}

/** The key id that a token names. */
export function kidOf(token: string): string {
  const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
  return header.kid;
}
