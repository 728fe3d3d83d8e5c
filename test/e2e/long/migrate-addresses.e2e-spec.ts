// `npm run migrate` with the addresses of the database as variables and as files, in every mix: the app's role gets its rights, and one address
// is enough.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onServer, openDatabase, type OpenDatabase } from '../../support/database';
import { Program } from '../../support/program';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-migrate-'));
let database: OpenDatabase;
let app: string;

beforeEach(async () => {
  database = await openDatabase();
  app = `app_${new URL(database.url).pathname.slice(1)}`;
  await onServer(`CREATE ROLE ${app} LOGIN`);
});

afterEach(async () => {
  await database.close();
  await onServer(`DROP ROLE ${app}`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ownersAddress = (): string => database.url;
const appsAddress = (): string => database.url.replace(/\/\/[^@]*@/, `//${app}@`);

function inFile(name: string, address: string): string {
  const path = join(folder, name);
  writeFileSync(path, `${address}\n`);
  return path;
}

/** @returns its exit code and what it said as it ended */
async function migrate(env: Record<string, string>): Promise<[code: number | null, said: string]> {
  const program = new Program('migrate.js', env, { alone: true });
  const { code } = await program.exited;
  return [code, program.stderr];
}

async function mayRead(): Promise<unknown> {
  const text = `SELECT has_table_privilege($1, 'users', 'select') AS may`;
  return (await database.client.query<{ may: boolean }>(text, [app])).rows[0]?.may;
}

it.each([
  ['both are variables', () => ({ DATABASE_URL: appsAddress(), MIGRATION_DATABASE_URL: ownersAddress() })],
  [
    "the app's comes from a file",
    () => ({ DATABASE_URL_FILE: inFile('app', appsAddress()), MIGRATION_DATABASE_URL: ownersAddress() }),
  ],
  [
    "the owner's comes from a file",
    () => ({ DATABASE_URL: appsAddress(), MIGRATION_DATABASE_URL_FILE: inFile('owner', ownersAddress()) }),
  ],
  [
    'both come from files',
    () => ({
      DATABASE_URL_FILE: inFile('app', appsAddress()),
      MIGRATION_DATABASE_URL_FILE: inFile('owner', ownersAddress()),
    }),
  ],
  [
    "a file has the owner's, and the direct address is the app's",
    () => ({
      DATABASE_DIRECT_URL: appsAddress(),
      MIGRATION_DATABASE_URL_FILE: inFile('owner', ownersAddress()),
    }),
  ],
])("the app's role gets its rights when %s", async (_case, env) => {
  expect(await mayRead()).toBe(false);
  expect(await migrate(env())).toEqual([0, '']);
  expect(await mayRead()).toBe(true);
});

it.each(['DATABASE_URL', 'DATABASE_DIRECT_URL', 'MIGRATION_DATABASE_URL'])('%s alone is enough', async (key) => {
  expect(await migrate({ [key]: ownersAddress() })).toEqual([0, '']);
  expect(await migrate({ [`${key}_FILE`]: inFile('alone', ownersAddress()) })).toEqual([0, '']);
});

it('none is refused', async () => {
  expect(await migrate({})).toEqual([1, 'latchkey: configuration: DATABASE_URL is required\n']);
});
