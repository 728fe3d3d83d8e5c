// Signing keys as the operator and the schedule move them.
import type { ApiClient } from './api-client';
import { cliRecords } from './cli';
import type { System } from './instance';
import { until } from './patience';

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

export async function publishedBy(api: ApiClient): Promise<string[]> {
  const { body } = await api.get<{ keys: { kid: string }[] }>('/.well-known/jwks.json');
  return body.keys.map(({ kid }) => kid);
}

/** Waits until every instance publishes this key, or no longer does. @throws Error when that does not happen in time */
export async function untilPublished({ apis }: System, kid: string, isPublished = true): Promise<void> {
  const isSo = async () =>
    (await Promise.all(apis.map(publishedBy))).every((kids) => kids.includes(kid) === isPublished);
  await until(isSo, `${kid} ${isPublished ? 'at' : 'gone from'} every instance`, 30_000, 100);
}

/** The key id that a token names. */
export function kidOf(token: string): string {
  const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
  return header.kid;
}
