// Prepared queries beside pg's own: the same rows, and a connection that goes on after whatever went wrong on it.
import { Pool } from 'pg';
import { createDatabase, type TestDatabase } from '../../test/support/database';
import { runPrepared } from './run-statement';

const EVERY_KIND = `SELECT $1::text AS text, $2::int AS int, $3::bigint AS bigint, $4::boolean AS boolean, $5::timestamptz AS instant,
  $6::bytea AS bytes, $7::text[] AS texts, $8::jsonb AS json, $9::text AS nothing, $10::timestamptz[] AS instants, $11::numeric AS numeric,
  $12::uuid AS uuid, 1 AS twice, 2 AS twice`;
const VALUES = [
  'ü " \\ {}',
  -7,
  '9007199254740993',
  true,
  new Date('2024-02-29T23:59:59.123Z'),
  Buffer.from([0, 255, 92]),
  ['a', '"', '', 'NULL', '{,}'],
  { a: [1, null, 'x'] },
  null,
  [new Date('2001-09-09T01:46:40.001Z')],
  '1.50',
  '0190a5d4-7c3e-7b11-8000-000000000001',
];

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createDatabase({ empty: true });
  pool = new Pool({ connectionString: database.url, max: 1, query_timeout: 2000 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const run = <Row>(name: string, text: string, values: readonly unknown[] = []) =>
  runPrepared<Row>(pool, name, text, values);
const stillWorks = async () => expect(await run('still', 'SELECT 1 AS one')).toEqual([{ one: 1 }]);

describe('a prepared query', () => {
  it('gives the rows that pg gives, the first time and every time after', async () => {
    const { rows } = await pool.query<object>(EVERY_KIND, VALUES);
    for (let time = 0; time < 3; time += 1) expect(await run('kinds', EVERY_KIND, VALUES)).toEqual(rows);
  });

  it('is described once on a connection', async () => {
    const seen: string[] = [];
    const client = await pool.connect();
    const { connection } = client as unknown as { connection: { on(name: string, listener: () => void): void } };
    connection.on('rowDescription', () => seen.push('described'));
    for (let time = 0; time < 3; time += 1) await runPrepared(client, 'once', 'SELECT $1::int AS n', [time]);
    client.release();
    expect(seen).toEqual(['described']);
  });

  it('gives none, one or many rows, and none of a statement without columns', async () => {
    for (const count of [0, 1, 1000, 0]) {
      const rows = await run<{ n: number }>('many', 'SELECT generate_series(1, $1::int) AS n', [count]);
      expect(rows.map(({ n }) => n)).toEqual(Array.from({ length: count }, (_, at) => at + 1));
    }
    await run('make', 'CREATE TABLE IF NOT EXISTS things (n int PRIMARY KEY)');
    for (let n = 0; n < 3; n += 1) expect(await run('put', 'INSERT INTO things VALUES ($1)', [n])).toEqual([]);
  });

  it.each<[string, string, string, readonly unknown[], string | undefined]>([
    ['does not parse', 'nonsense', 'SELEKT 1', [], '42601'],
    ['fails while it runs', 'division', 'SELECT 1 / $1::int AS n', [0], '22012'],
    ['fails after some rows', 'late', 'SELECT 10 / (3 - n) AS n FROM generate_series(1, 3) AS n', [], '22012'],
    ['is given what its type does not take', 'number', 'SELECT $1::int AS n', ['x'], '22P02'],
    ['is given too little', 'little', 'SELECT $1::int, $2::int', [1], '08P01'],
    ['is given what cannot be written', 'date', 'SELECT $1::timestamptz AS at', [new Date(NaN)], undefined],
  ])('that %s is refused, each time, and the connection goes on', async (_, name, text, values, code) => {
    const client = await pool.connect();
    for (let time = 0; time < 2; time += 1) {
      const error = await runPrepared(client, name, text, values).then(
        () => undefined,
        (refused: unknown) => refused as { code?: string },
      );
      expect(error).toBeInstanceOf(Error);
      expect(error?.code).toBe(code);
      expect(await runPrepared(client, 'still', 'SELECT 1 AS one', [])).toEqual([{ one: 1 }]);
    }
    client.release();
  });

  it.each([
    ['is refused for what it is given', 'SELECT $1::int AS n', ['x'], true],
    ['finds a name taken', 'INSERT INTO once VALUES ($1)', [1], true],
    ['meets a server that takes no writes', 'INSERT INTO once VALUES ($1)', [2], false],
    ['gets no answer in time', 'SELECT pg_sleep($1::float)', [3], false],
  ])('that %s leaves the connection of the pool as it should', async (what, text, values, isKept) => {
    await pool.query(
      'CREATE TABLE IF NOT EXISTS once (n int PRIMARY KEY); INSERT INTO once VALUES (1) ON CONFLICT DO NOTHING',
    );
    await pool.query(`SET default_transaction_read_only = ${what.includes('no writes') ? 'on' : 'off'}`);
    const [before] = await run<{ pid: number }>('pid', 'SELECT pg_backend_pid() AS pid');
    await expect(run(what, text, values)).rejects.toThrow();
    const [after] = await run<{ pid: number }>('pid', 'SELECT pg_backend_pid() AS pid');
    expect(after?.pid === before?.pid).toBe(isKept);
  });

  it('keeps its name for one text', async () => {
    await run('named', 'SELECT 1 AS one');
    await expect(run('named', 'SELECT 2 AS two')).rejects.toThrow('two statements are named named');
    await stillWorks();
  });

  it('of a table whose columns have changed is refused, not misread', async () => {
    await run('changing table', 'CREATE TABLE changing (a int, b text)');
    await run('fill', `INSERT INTO changing VALUES (1, 'x')`);
    expect(await run('read', 'SELECT * FROM changing')).toEqual([{ a: 1, b: 'x' }]);
    await run('change', 'ALTER TABLE changing ALTER COLUMN a TYPE text');
    await expect(run('read', 'SELECT * FROM changing')).rejects.toMatchObject({ code: '0A000' });
    await stillWorks();
  });

  it('is rolled back with its transaction, and fails after a failure in it', async () => {
    const client = await pool.connect();
    await client.query('BEGIN');
    await runPrepared(client, 'put', 'INSERT INTO things VALUES ($1)', [77]);
    await expect(runPrepared(client, 'put', 'INSERT INTO things VALUES ($1)', [77])).rejects.toMatchObject({
      code: '23505',
    });
    await expect(runPrepared(client, 'still', 'SELECT 1 AS one', [])).rejects.toMatchObject({ code: '25P02' });
    await client.query('ROLLBACK');
    expect(await runPrepared(client, 'there', 'SELECT n FROM things WHERE n = $1', [77])).toEqual([]);
    client.release();
  });

  it('ends with an error when its connection does, and when no answer comes in time; the next has another connection (F18)', async () => {
    pool.once('error', () => undefined);
    const killed = run('kill', 'SELECT pg_terminate_backend(pg_backend_pid())');
    await expect(killed).rejects.toMatchObject({ code: '57P01' });
    await stillWorks();
    await expect(run('slow', 'SELECT pg_sleep(4)')).rejects.toThrow('Query read timeout');
    await stillWorks();
    const client = await pool.connect();
    client.once('error', () => undefined);
    await expect(runPrepared(client, 'slow', 'SELECT pg_sleep(4)', [])).rejects.toThrow('Query read timeout');
    const { connection } = client as unknown as { connection: { stream: { destroy(error: Error): void } } };
    const cut = runPrepared(client, 'cut', 'SELECT pg_sleep(1)', []);
    connection.stream.destroy(new Error('cut off'));
    await expect(cut).rejects.toThrow('cut off');
    client.release(true);
    await stillWorks();
  });
});
