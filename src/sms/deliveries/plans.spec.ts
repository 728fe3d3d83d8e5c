// What is asked for every message finds its rows by a key even in a database that is a minute old: plans that are made of empty tables
// are kept while these grow (ADR 79).
import type { Client, Pool } from 'pg';
import { createDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../../../test/support/database';
import type { Database } from '../../database/database.service';
import { openJobPool } from '../../database/pools';
import type { Statement } from '../../database/sql';
import type { Tx } from '../../database/transactions';
import { ReceiptsStore } from '../receipts/receipts.store';
import { DeliveriesStore } from './deliveries.store';
import { LatestSendsStore } from './latest-sends.store';

const asked: string[] = [];
const database = {
  run: ({ text }: Statement) => {
    asked.push(text);
    return Promise.resolve([]);
  },
} as unknown as Database & Tx;
const deliveries = new DeliveriesStore(database);
const latest = new LatestSendsStore(database);
const receipts = new ReceiptsStore(database);
const NOW = new Date(0);
const told = { kind: 'delivery', providerId: 'x', status: 'delivered', at: null } as const;

describe('before the first ANALYZE', () => {
  let made: OpenDatabase;
  let client: Client;
  beforeAll(async () => {
    made = await openDatabase();
    client = made.client;
  });
  afterAll(() => made.close());

  it.each([
    ["the latest fate of vendors' codes", () => latest.fate(['telnyx', 'sinch'])],
    ["the latest arrival of a vendor's code", () => latest.arrival('telnyx', NOW)],
    ['what a receipt is about', () => receipts.apply(database, 'telnyx', 'x', NOW)],
    ['what a receipt that comes is about', () => receipts.take('', 'telnyx', told, NOW)],
  ])('%s reads no delivery that it is not about', async (_name, ask) => {
    asked.length = 0;
    await ask();
    expect(asked).toHaveLength(1);
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN) ${asked[0] ?? ''}`);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('sms_deliveries');
    expect(plan).not.toMatch(/Seq Scan on sms_deliveries/);
    expect(plan).not.toMatch(/sms_deliveries_created_at_idx/);
  });
});

describe('after an ANALYZE of a table that had one row', () => {
  let made: TestDatabase;
  let pool: Pool;
  beforeAll(async () => {
    made = await createDatabase();
    pool = openJobPool(made.url, () => undefined);
    await pool.query(`INSERT INTO sms_deliveries (id, source, reference_id, send, provider, phone_masked, channel, status, created_at, updated_at)
      VALUES (gen_random_uuid(), 'code', gen_random_uuid(), 1, 'telnyx', '+1******0123', 'sms', 'queued', now(), now())`);
    await pool.query('VACUUM ANALYZE sms_deliveries');
  });
  afterAll(async () => {
    await pool.end();
    await made.drop();
  });

  it('no statement of theirs is compiled: a table without a key to go by counts as dear there before PostgreSQL 18', async () => {
    const { rows } = await pool.query<{ jit: string }>('SHOW jit');
    expect(rows).toEqual([{ jit: 'off' }]);
  });

  it('a proxy is not given what it may refuse', async () => {
    const pooled = openJobPool(made.url, () => undefined, { isPooled: true });
    const { rows } = await pooled.query<{ enable_seqscan: string }>('SHOW enable_seqscan');
    await pooled.end();
    expect(rows).toEqual([{ enable_seqscan: 'on' }]);
  });

  it.each([
    ["a message's hand-overs", () => deliveries.of('', NOW, 'code')],
    ['the end of one', () => deliveries.sent({ id: '', providerId: null, now: NOW, ref: '', reason: '' })],
  ])('%s: the connections of jobs read no delivery that it is not about', async (_name, ask) => {
    asked.length = 0;
    await ask();
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN) ${asked[0] ?? ''}`);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('sms_deliveries');
    expect(plan).not.toMatch(/Seq Scan on sms_deliveries/);
  });
});
