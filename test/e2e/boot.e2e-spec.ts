// Starting with an unsafe or impossible configuration (A95): refused in one line that names every setting and no value, before
// a port is bound. The long table goes through the same two functions as main.ts, the rest through the program itself.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { loadAppConfig } from '../../src/app.config';
import { ConfigError } from '../../src/config/load-config';
import { explain } from '../../src/platform/process/explain';
import { runCli } from '../support/cli';
import { createDatabase, onServer, type TestDatabase } from '../support/database';
import { patiently } from '../support/patience';
import { Program } from '../support/program';
import { LIMITS, REFUSED, ring } from '../support/refused-configurations';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-boot-'));
const role = `boot_${randomBytes(6).toString('hex')}`;
let database: TestDatabase;
let good: Record<string, string>;

beforeAll(async () => {
  database = await createDatabase();
  await onServer(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`);
  await onServer(`ALTER DATABASE ${database.name} OWNER TO ${role}`);
  const url = new URL(database.url);
  url.username = url.password = role;
  good = {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: url.href,
    SECRET_KEYS: ring(),
    PUBLIC_URL: 'https://auth.example.com',
    SMS_COUNTRIES: 'US,GB',
    SMS_PROVIDERS: 'telnyx',
    TELNYX_API_KEY: 'KEY0123456789',
    TELNYX_PHONE_NUMBER: '+12025550100',
    LATCHKEY_DIR: folder,
  };
});
afterAll(async () => {
  await database.drop();
  await onServer(`DROP ROLE ${role}`);
  rmSync(folder, { recursive: true, force: true });
});

/** What the program said and how it ended. */
async function boot(changes: Record<string, string>): Promise<{ code: number | null; lines: string[] }> {
  const program = new Program('main.js', { ...good, ...changes });
  const timer = setTimeout(() => program.kill('SIGKILL'), patiently(20_000));
  if ((await Promise.race([program.exited, program.ready().catch(() => undefined)])) === undefined)
    await program.exited;
  if (program.logs().includes('"event":"ready"')) await program.stop();
  clearTimeout(timer);
  const { code } = await program.exited;
  return { code, lines: program.logs().trim().split('\n') };
}

/** What main.ts would say. */
function refusalOf(changes: Record<string, string>): string {
  try {
    loadAppConfig({ ...good, ...changes });
  } catch (error) {
    return explain(error, [ConfigError]);
  }
  return 'taken';
}

async function expectExit(changes: Record<string, string>): Promise<string> {
  const { code, lines } = await boot(changes);
  expect([lines, code]).toEqual([[expect.stringMatching(/^latchkey: /)], 1]);
  return lines[0] ?? '';
}

function expectTold(line: string, changes: Record<string, string>, key: string, reason: RegExp): void {
  expect(line).toContain(key);
  expect(line).toMatch(reason);
  expect(line).not.toContain('\n');
  for (const value of Object.values({ ...good, ...changes }))
    if (value.length > 7 && !isPublic(value)) expect(line).not.toContain(value);
}

/** Words of the reasons themselves. */
function isPublic(value: string): boolean {
  return ['production', 'development'].includes(value);
}

describe('a configuration that is refused (A95)', () => {
  it.each(REFUSED)('%s', (_, changes, key, reason) => {
    expectTold(refusalOf(changes), changes, key, reason);
  });

  it('A19: a fixed code is taken in production when that is said twice', () => {
    const TEST_PHONES = '+12025550177=918273@2099-12-31,+12025550178=918274@2099-12-31';
    expect(refusalOf({ TEST_PHONES, TEST_PHONES_IN_PRODUCTION: 'true' })).toBe('taken');
  });

  it.each(LIMITS)('%s is off', (key) => {
    expectTold(refusalOf({ [key]: 'off' }), {}, key, /must not be off in production/);
  });

  // ASVS 13.2.1, 13.2.2, 13.2.3
  it('the database role is a superuser', async () => {
    const changes = { DATABASE_URL: database.url };
    expectTold(await expectExit(changes), changes, 'DATABASE_URL', /superuser/);
  });

  it('A99: the database role owns a table, or may become the role that does', async () => {
    await onServer(`CREATE ROLE ${role}_owner`);
    const admin = new Client({ connectionString: database.url });
    await admin.connect();
    try {
      await admin.query(`GRANT ALL ON SCHEMA public TO ${role}_owner; ALTER TABLE audit_log OWNER TO ${role}`);
      expectTold(await expectExit({}), {}, 'DATABASE_URL', /owns tables in production \(public\.audit_log\)/);
      await admin.query(`ALTER TABLE audit_log OWNER TO ${role}_owner; GRANT ${role}_owner TO ${role}`);
      expectTold(await expectExit({}), {}, 'DATABASE_URL', /owns tables/);
    } finally {
      await admin.query(
        `ALTER TABLE audit_log OWNER TO CURRENT_USER; DROP OWNED BY ${role}_owner; DROP ROLE ${role}_owner`,
      );
      await admin.end();
    }
  });

  it('the password of the database is wrong: no value is told', async () => {
    const url = new URL(good['DATABASE_URL'] ?? '');
    url.password = 'hunter2hunter2';
    await expectDatabaseRefused(url.href, 'hunter2hunter2');
  });

  it('all problems are told at once, in one line, and nothing is started', async () => {
    const changes = {
      SECRET_KEYS: 'k1:eA==',
      TELNYX_BASE_URL: 'http://vendor.example.com',
      CORS_ORIGINS: '*',
      TRUSTED_PROXIES: 'true',
      PUBLIC_URL: 'http://auth.example.com',
      OTP_LENGTH: '5',
      LIMIT_STATUS: 'off',
      LIMIT_CLIENT_ADDRESS: 'off',
      SMS_COUNTRIES: '',
      BCRYPT_COST: '4',
    };
    const line = await expectExit(changes);
    for (const key of Object.keys(changes)) expectTold(line, changes, key, /^latchkey: configuration: /);
  });

  async function expectDatabaseRefused(url: string, secret: string): Promise<void> {
    const { code, lines } = await boot({ DATABASE_URL: url });
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatch(/^latchkey: /);
    expect(lines.join('\n')).not.toContain(secret);
    expect(lines.join('\n')).not.toMatch(/\n\s+at /);
  }
});

describe('a role that was granted nothing', () => {
  const RIGHTS = /npm run migrate with MIGRATION_DATABASE_URL/;

  it('ends npm run migrate in one line that says who has to migrate', async () => {
    const program = new Program('migrate.js', { DATABASE_URL: good['DATABASE_URL'] ?? '' });
    expect((await program.exited).code).toBe(1);
    expect(program.stderr).toMatch(/^latchkey: [^\n]+\n$/);
    expect(program.stderr).toMatch(RIGHTS);
  });

  it('ends a command in the same line', async () => {
    const { code, stderr } = await runCli(good, ['keys', 'list']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(RIGHTS)]);
  });

  it('is why an instance is not ready', async () => {
    const program = new Program('main.js', good);
    try {
      const { api } = await program.ready();
      expect((await fetch(`${String(api)}/health/ready`)).status).toBe(503);
      expect(program.logs()).toMatch(/"not ready: no rights [^"]*npm run migrate with MIGRATION_DATABASE_URL/);
    } finally {
      await program.stop();
    }
  });

  it('has to exist', async () => {
    const missing = new URL(good['DATABASE_URL'] ?? '');
    missing.username = 'nobody_made_me';
    const both = { DATABASE_URL: missing.href, MIGRATION_DATABASE_URL: database.url };
    const program = new Program('migrate.js', both);
    expect((await program.exited).code).toBe(1);
    expect(program.stderr).toMatch(
      /\nlatchkey: [^\n]*nobody_made_me[^\n]*DATABASE_URL[^\n]*\n$|^latchkey: [^\n]*nobody_made_me[^\n]*DATABASE_URL[^\n]*\n$/,
    );
  });
});

describe('a configuration that is taken', () => {
  it('is the one the table above changes', () => expect(refusalOf({})).toBe('taken'));

  // ASVS 13.3.1, 13.3.2
  it('production as documented, secrets from files', async () => {
    const secrets = join(folder, 'ring');
    writeFileSync(secrets, `${good['SECRET_KEYS']}\n`);
    const { code, lines } = await boot({ SECRET_KEYS: '', SECRET_KEYS_FILE: secrets });
    expect([code, lines.find((line) => line.includes('"event":"ready"')) !== undefined]).toEqual([0, true]);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  it('A94: production shows nothing beyond its routes: no API page, metrics, files, or operators’ routes, and health says no more', async () => {
    const program = new Program('main.js', good);
    try {
      const { api } = await program.ready();
      const told = async (path: string) => {
        const answer = await fetch(`${String(api)}${path}`);
        return [path, answer.status, ((await answer.json()) as { code?: string }).code];
      };
      const pages = [
        '/docs',
        '/docs/',
        '/openapi.json',
        '/api-docs',
        '/swagger.json',
        '/metrics',
        '/graphql',
        '/',
        '/inbox',
      ];
      const files = ['/.env', '/.git/HEAD', '/main.js', '/main.js.map', '/package.json', '/dist/src/main.js'];
      for (const path of [...pages, ...files, '/v1/admin/clients']) {
        expect(await told(path)).toEqual([path, 404, 'not_found']);
      }
      const health = await fetch(`${String(api)}/health?verbose`);
      expect(Object.keys((await health.json()) as object)).toEqual(['status']);
      const introspection = { method: 'POST', body: new URLSearchParams({ token: 'x' }) };
      expect((await fetch(`${String(api)}/v1/oauth/introspect`, introspection)).status).toBe(401);
    } finally {
      await program.stop();
    }
  });

  it('development needs a database and nothing else', async () => {
    const bare = Object.fromEntries(Object.keys(good).map((key) => [key, '']));
    const kept = {
      DATABASE_URL: good['DATABASE_URL'] ?? '',
      LATCHKEY_DIR: folder,
      PORT: '0',
      MIGRATE_ON_START: 'false',
    };
    expect((await boot({ ...bare, ...kept, NODE_ENV: 'development' })).code).toBe(0);
  });
});
