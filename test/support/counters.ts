// The counters of a message by themselves, as src/limits asks for them: looked at, then taken. Instants are seconds after START, which begins a
// day, so that every window of a day or less begins with it.
import type { Client } from 'pg';
import type { WantedHit } from '../../src/limits/limits.sql';
import type { WantedSpend } from '../../src/limits/spend.sql';
import type { WantedUnverified } from '../../src/limits/unverified.types';

const LOOK = `SELECT free, refusal, retry_after_seconds AS wait, refunded::text, spent::text
  FROM look_at_counters($1::jsonb, $2::jsonb, $3::jsonb, $4::timestamptz, $5::uuid, $6)`;
const TAKE = `SELECT take_counters($1::jsonb, $2::jsonb, $3::jsonb, $4::timestamptz[], $5::bigint[], $6::int, $7::timestamptz, $8::uuid) AS alarms`;

export const START = Date.parse('2026-06-01T00:00:00Z');
export const instant = (second: number): Date => new Date(START + second * 1000);
const NUMBER = '+14152000001';

export interface Ask {
  readonly wanted?: readonly WantedHit[];
  readonly budgets?: readonly WantedUnverified[];
  readonly spends?: readonly WantedSpend[];
  readonly challenge?: string | null;
  readonly shard?: number;
}

export interface Look {
  readonly free: boolean;
  readonly refusal: string | null;
  readonly wait: number | null;
  readonly refunded: string | null;
  readonly spent: string | null;
}

export interface Alarm {
  readonly kind: string;
  readonly scope: string;
}

export const hit = (key: string, count: number, seconds: number, more: Partial<WantedHit> = {}): WantedHit => ({
  key,
  counts: [count],
  seconds: [seconds],
  memory: count,
  refundable: false,
  ...more,
});

export const budget = (key: string, count: number, more: Partial<WantedUnverified> = {}): WantedUnverified => ({
  key,
  own: false,
  closes: false,
  waivable: false,
  phone: null,
  counts: [count],
  seconds: [3600],
  share: 0.5,
  most: null,
  trickles: false,
  ...more,
});

export const spend = (scope: string, cap: number, more: Partial<WantedSpend> = {}): WantedSpend => ({
  scope,
  cap,
  amount: 1,
  seconds: 3600,
  shards: 1,
  ...more,
});

const asked = ({ wanted = [], budgets = [], spends = [] }: Ask) =>
  [wanted, budgets, spends].map((each) => JSON.stringify(each));

export async function look(client: Client, ask: Ask, second: number): Promise<Look> {
  const values = [...asked(ask), instant(second), ask.challenge ?? null, NUMBER];
  const { rows } = await client.query<Look>(LOOK, values);
  if (rows[0] === undefined) throw new Error('nothing was looked at');
  return rows[0];
}

/** @param seen an earlier look, of somebody who has been overtaken since @throws the driver's error with code LK429 */
export async function take(client: Client, ask: Ask, second: number, seen?: Look): Promise<readonly Alarm[] | null> {
  const { refunded, spent } = seen ?? (await look(client, ask, second));
  const values = [...asked(ask), refunded, spent, ask.shard ?? 0, instant(second), ask.challenge ?? null];
  const { rows } = await client.query<{ alarms: readonly Alarm[] | null }>(TAKE, values);
  return rows[0]?.alarms ?? null;
}

/** `taken`, or what was refused and what by: by the look, or under the locks. */
export async function tried(client: Client, ask: Ask, second: number): Promise<string> {
  const seen = await look(client, ask, second);
  if (!seen.free) return `${seen.refusal ?? ''}, wait ${seen.wait ?? ''}`;
  await take(client, ask, second, seen);
  return 'taken';
}

/** A message that was sent at each of the instants, whose code was entered, unless `consumed` is false. Returns its challenge. */
export async function sent(
  client: Client,
  seconds: readonly number[],
  { phone = NUMBER, consumed = true, by = null as string | null } = {},
): Promise<string> {
  const [first = 0, ...more] = seconds;
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO otp_attempts (id, token_digest, purpose, key_id, code_length, subject_id, phone, max_failed, created_at, expires_at, sends, channel, client_id, consumed_at, verified_by, methods)
     VALUES (gen_random_uuid(), sha256(gen_random_uuid()::text::bytea), 'login', 'k1', 6, gen_random_uuid(), $1, 5, $2, $2, $3, 'sms', 'c', $4, $5, '{sms,totp}') RETURNING id`,
    [phone, instant(first), more.map(instant), consumed ? instant(first) : null, by],
  );
  return rows[0]?.id ?? '';
}
