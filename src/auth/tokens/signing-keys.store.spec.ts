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

it('instances that start at once agree on one signing key, which later ones find', async () => {
  for (let round = 0; round < 10; round += 1) {
    await pool.query('DELETE FROM signing_keys');
    const kids = await Promise.all(Array.from({ length: 8 }, async () => (await instance().current()).kid));
    expect(new Set(kids).size).toBe(1);
    expect((await instance().current()).kid).toBe(kids[0]);
    expect((await pool.query('SELECT 1 FROM signing_keys')).rowCount).toBe(1);
  }
});

it('publishes next and retired keys too, and signs with the current one only', async () => {
  await pool.query('DELETE FROM signing_keys');
  const old = await instance().current();
  await pool.query(`UPDATE signing_keys SET state = 'retired', retired_at = '2026-01-01'`);
  const fresh = instance();
  expect((await fresh.current()).kid).not.toBe(old.kid);
  expect((await fresh.published()).map(({ kid }) => kid)).toHaveLength(2);
  expect(await fresh.verifier(old.kid)).toBeDefined();
});
