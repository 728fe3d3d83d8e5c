import { Pool } from 'pg';
import { createDatabase, TestDatabase } from '../../../test/support/database';
import type { Sql } from '../../database/sql';
import { SystemClock } from '../../platform/clock/system-clock';
import { Keyring } from '../../platform/crypto/keyring';
import { SealedBox } from '../../platform/crypto/sealed-box';
import { NodeRandom } from '../../platform/random/node-random';
import { SigningKeysService } from './signing-keys.service';
import { SigningKeysStore } from './signing-keys.store';

const boxes = new SealedBox(new Keyring([{ kid: 'k1', bytes: Buffer.alloc(32, 1) }]), new NodeRandom());
let database: TestDatabase;
let pool: Pool;
let sql: Sql;

beforeAll(async () => {
  database = await createDatabase();
  pool = new Pool({ connectionString: database.url, max: 10 });
  sql = {
    run: async <Row>(statement: { name: string; text: string }, values: readonly unknown[]) =>
      (await pool.query({ ...statement, values: [...values] })).rows as Row[],
  };
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

const instance = () => new SigningKeysService(new SigningKeysStore(sql), boxes, new SystemClock());

it('instances that start at once agree on one current and one next key, which later ones find', async () => {
  for (let round = 0; round < 10; round += 1) {
    await pool.query('DELETE FROM signing_keys');
    const kids = await Promise.all(Array.from({ length: 8 }, async () => (await instance().current()).kid));
    expect(new Set(kids).size).toBe(1);
    expect((await instance().current()).kid).toBe(kids[0]);
    const { rows } = await pool.query<{ state: string }>('SELECT state FROM signing_keys ORDER BY state');
    expect(rows.map(({ state }) => state)).toEqual(['current', 'next']);
  }
});

it('publishes next and retired keys too, and signs with the current one only', async () => {
  await pool.query('DELETE FROM signing_keys');
  const old = await instance().current();
  const retire = `UPDATE signing_keys SET state = 'retired', retired_at = $1, accepted_until = $1::timestamptz + interval '1 hour', private_sealed = NULL WHERE state = 'current'`;
  await pool.query(retire, [new Date()]);
  const fresh = instance();
  expect((await fresh.current()).kid).not.toBe(old.kid);
  expect((await fresh.published()).map(({ kid }) => kid)).toHaveLength(3);
  expect(await fresh.verifier(old.kid)).toBeDefined();
});
