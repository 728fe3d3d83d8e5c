// Sessions as their owner sees and ends them, and what is on record about one.
import type { ApiAnswer, ApiClient, ProblemBody, TokensBody } from './api-client';
import { claimsOf } from './credentials';
import type { System } from './instance';

export interface SessionBody {
  readonly id: string;
  readonly current: boolean;
  readonly deviceName: string | null;
  readonly userAgent: string | null;
  readonly address: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly expiresAt: string;
}

interface ListBody {
  readonly items: readonly SessionBody[];
  readonly nextCursor: string | null;
}

export async function listAt(api: ApiClient, { accessToken }: TokensBody): Promise<ListBody> {
  return (await api.get<ListBody>('/v1/auth/sessions', { token: accessToken })).body;
}

export function endAt(api: ApiClient, { accessToken }: TokensBody, id: string): Promise<ApiAnswer<ProblemBody>> {
  return api.request('DELETE', `/v1/auth/sessions/${id}`, undefined, { token: accessToken });
}

/** Claim sid of an access token. */
export function sessionIdOf(tokens: Pick<TokensBody, 'accessToken'>): string {
  return String(claimsOf(tokens)['sid']);
}

/** How often an event is on record that a session caused or suffered. */
export async function recordedOf(system: System, session: string, event: string): Promise<number> {
  const sql = 'SELECT count(*)::int AS n FROM audit_log WHERE event = $2 AND (session_id = $1 OR ref = $1)';
  const { rows } = await system.database.query<{ n: number }>(sql, [session, event]);
  return rows[0]?.n ?? 0;
}
