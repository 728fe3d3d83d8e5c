// A database that went back while several instances work on it (ADR 67): whoever saw more than it has now says so, whatever the others
// have written since. The going back is made by putting the row of an earlier moment back, as any restore does.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../support/cli';
import { startSystem, type System } from '../../support/instance';

interface Row {
  readonly mark: string;
  readonly marks: string[];
}

const WENT_BACK = /the database went back to an older state.*state raise-floor/;
const elsewhere = mkdtempSync(join(tmpdir(), 'latchkey-elsewhere-'));
let system: System;
/** A folder of its own, as each instance has in production. */
const apart = () => ({ LATCHKEY_DIR: elsewhere, SECRET_KEYS: system.secret('SECRET_KEYS') });

beforeEach(async () => {
  system = await startSystem({ env: { JWT_ISSUER: 'https://id.example.com' } });
});
afterEach(() => system.stop());
afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

async function state(): Promise<Row> {
  const { rows } = await system.database.query<Row>('SELECT mark, marks FROM database_state');
  if (rows[0] === undefined) throw new Error('database_state is empty');
  return rows[0];
}

const putBack = ({ mark, marks }: Row) =>
  system.database.query('UPDATE database_state SET mark = $1, marks = $2', [mark, marks]);

it('stays found out when an instance of the same folder, which had seen less, goes on with it', async () => {
  const older = await state(); // all that the first instance has seen
  await system.restart(1);
  await putBack(older);
  await system.end(1); // it looks once more
  await system.end(0);
  expect(Number((await state()).mark)).toBeGreaterThanOrEqual(Number(older.mark));
  await expect(system.restart(1)).rejects.toThrow(WENT_BACK);
  await expect(system.restart(0)).rejects.toThrow(WENT_BACK);
  expect(await runCli(system.env, ['state', 'raise-floor'])).toMatchObject({ code: 0 });
  await system.restart(0);
  expect((await system.api.get('/health/ready')).status).toBe(200);
});

it('is found out by an instance that had seen more, although one with a folder of its own has gone on with it', async () => {
  const older = await state();
  await system.restart(0);
  await putBack(older);
  await system.restart(1, apart());
  await system.end(0);
  expect(system.logs()).toContain('"name":"database_went_back"');
  await expect(system.restart(0)).rejects.toThrow(WENT_BACK);
  // The other has a folder that saw nothing of it, and hears of it.
  await system.end(1);
  await expect(system.restart(1, apart())).rejects.toThrow(WENT_BACK);
  expect(await runCli(system.env, ['state', 'raise-floor'])).toMatchObject({ code: 0 });
  await system.restart(1, apart());
  await system.restart(0);
});

it('is told by a start that is refused to every other, which has seen nothing of it', async () => {
  const older = await state();
  await system.restart(0);
  await system.kill(0, 'SIGKILL');
  await putBack(older);
  await expect(system.restart(0)).rejects.toThrow(WENT_BACK);
  await expect(system.restart(1, apart())).rejects.toThrow(WENT_BACK);
});

it('is not believed of a database that several instances went on with, however often they start and stop', async () => {
  await system.restart(1);
  await system.restart(0);
  await system.end(1);
  await system.restart(1);
  await system.restart(0);
  for (const api of system.apis) expect((await api.get('/health/ready')).status).toBe(200);
  expect(system.logs()).not.toContain('database_went_back');
});
