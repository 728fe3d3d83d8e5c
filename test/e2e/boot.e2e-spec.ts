// Starting with an unsafe or impossible configuration (A95): refused in one line that names every setting and no value, before
// a port is bound. The long table goes through the same two functions as main.ts, the rest through the program itself.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAppConfig } from '../../src/app.config';
import { ConfigError } from '../../src/config/load-config';
import { explain } from '../../src/platform/process/explain';
import { createDatabase, onServer, type TestDatabase } from '../support/database';
import { Program } from '../support/program';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-boot-'));
const role = `boot_${randomBytes(6).toString('hex')}`;
const ring = (bytes = randomBytes(32)) => `k1:${bytes.toString('base64')}`;
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
  const timer = setTimeout(() => program.kill('SIGKILL'), 20_000);
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
  const bytes = (length: number) => randomBytes(length).toString('base64');
  const same = bytes(32);

  it.each<[string, Record<string, string>, string, RegExp]>([
    ['no environment is named', { NODE_ENV: '' }, 'NODE_ENV', /must be production or development/],
    ['the environment is mistyped', { NODE_ENV: 'Production' }, 'NODE_ENV', /must be production or development/],
    ['there are no secrets', { SECRET_KEYS: '' }, 'SECRET_KEYS', /is required/],
    ['a secret is short', { SECRET_KEYS: `k1:${bytes(31)}` }, 'SECRET_KEYS', /at least 32 bytes/],
    ['a secret is one byte', { SECRET_KEYS: 'k1:eA==' }, 'SECRET_KEYS', /at least 32 bytes/],
    [
      'a secret is an example',
      { SECRET_KEYS: ring(Buffer.from('an example secret, replace me now')) },
      'SECRET_KEYS',
      /example/,
    ],
    ['a secret is one byte again and again', { SECRET_KEYS: ring(Buffer.alloc(32, 7)) }, 'SECRET_KEYS', /example/],
    ['a secret has no key id', { SECRET_KEYS: bytes(32) }, 'SECRET_KEYS', /k1:<base64>/],
    ['two secrets have one key id', { SECRET_KEYS: `k1:${bytes(32)},k1:${bytes(32)}` }, 'SECRET_KEYS', /twice/],
    ['one secret has two key ids', { SECRET_KEYS: `k2:${same},k1:${same}` }, 'SECRET_KEYS', /twice/],
    ['a vendor is called in clear text', { TELNYX_BASE_URL: 'http://api.telnyx.com' }, 'TELNYX_BASE_URL', /https/],
    ['a vendor is the simulator', { TELNYX_BASE_URL: 'http://127.0.0.1:3001' }, 'TELNYX_BASE_URL', /https/],
    ['a vendor has no key', { TELNYX_API_KEY: '' }, 'TELNYX_API_KEY', /is required/],
    ['a vendor is unknown', { SMS_PROVIDERS: 'telnyx,carrierpigeon' }, 'SMS_PROVIDERS', /must list at least one of/],
    ['a vendor is named twice', { SMS_PROVIDERS: 'telnyx,telnyx' }, 'SMS_PROVIDERS', /twice/],
    ['no country is chosen', { SMS_COUNTRIES: '' }, 'SMS_COUNTRIES', /is required in production/],
    ['every origin may call', { CORS_ORIGINS: '*' }, 'CORS_ORIGINS', /not \*/],
    ['every proxy is believed', { TRUSTED_PROXIES: 'true' }, 'TRUSTED_PROXIES', /addresses or CIDR/],
    ['every proxy is believed, as a range', { TRUSTED_PROXIES: '0.0.0.0/0' }, 'TRUSTED_PROXIES', /never all/],
    ['a number of proxies is believed', { TRUSTED_PROXIES: '1' }, 'TRUSTED_PROXIES', /addresses or CIDR/],
    ['the public address is missing', { PUBLIC_URL: '' }, 'PUBLIC_URL', /is required in production/],
    ['the public address is clear text', { PUBLIC_URL: 'http://auth.example.com' }, 'PUBLIC_URL', /must be https/],
    ['codes are short', { OTP_LENGTH: '5' }, 'OTP_LENGTH', /at least 6/],
    ['codes are shorter than any', { OTP_LENGTH: '3' }, 'OTP_LENGTH', /from 4 to 10/],
    ['codes live long', { OTP_EXPIRY_SECONDS: '601' }, 'OTP_EXPIRY_SECONDS', /from 30 to 600/],
    ['hashes are cheap', { BCRYPT_COST: '9' }, 'BCRYPT_COST', /at least 10/],
    ['passwords are short', { PASSWORD_MIN_LENGTH: '7' }, 'PASSWORD_MIN_LENGTH', /from 8/],
    ['a limit is no limit', { LIMIT_SESSION: '10 per hour' }, 'LIMIT_SESSION', /must look like/],
    [
      'a number takes a fixed code (A19)',
      { TEST_PHONES: '+12025550177=918273@2099-12-31' },
      'TEST_PHONES',
      /unless TEST_PHONES_IN_PRODUCTION=true/,
    ],
    [
      'a test number has no last day',
      { TEST_PHONES: '+12025550177=918273@2027-02-30', TEST_PHONES_IN_PRODUCTION: 'true' },
      'TEST_PHONES',
      /must look like/,
    ],
    ['money has no price', { SMS_MONEY_PER_DAY: '20000000' }, 'SMS_MONEY_PER_DAY', /from 1 to/],
    ['prices are no numbers', { SMS_PRICES: 'GB=cheap,US' }, 'SMS_PRICES', /must look like/],
    ['a clock can be moved', { CLOCK_OFFSET_FILE: '/tmp/clock' }, 'CLOCK_OFFSET_FILE', /refused in production/],
    ['a port is none', { PORT: '65536' }, 'PORT', /from 0 to 65535/],
    ['there is no database', { DATABASE_URL: '' }, 'DATABASE_URL', /is required/],
    ['the database is another product', { DATABASE_URL: 'mysql://u:hunter2@db/x' }, 'DATABASE_URL', /postgres:\/\//],
    [
      'a secret file is not there',
      { TELNYX_API_KEY: '', TELNYX_API_KEY_FILE: '/nowhere/key' },
      'TELNYX_API_KEY_FILE',
      /cannot be read/,
    ],
  ])('%s', (_, changes, key, reason) => {
    expectTold(refusalOf(changes), changes, key, reason);
  });

  it('A19: a fixed code is taken in production when that is said twice', () => {
    const TEST_PHONES = '+12025550177=918273@2099-12-31,+12025550178=918274@2099-12-31';
    expect(refusalOf({ TEST_PHONES, TEST_PHONES_IN_PRODUCTION: 'true' })).toBe('taken');
  });

  it.each([
    'LIMIT_FACTOR_ACCOUNT',
    'LIMIT_FACTOR_ADDRESS',
    'LIMIT_PASSWORD_ACCOUNT',
    'LIMIT_PASSWORD_ADDRESS',
    'LIMIT_REGISTER_ADDRESS',
    'LIMIT_SESSION',
    'LIMIT_SMS_ACCOUNT',
    'LIMIT_SMS_DESTINATION',
    'LIMIT_SMS_ADDRESS',
    'LIMIT_SMS_PREFIX',
    'LIMIT_SMS_UNVERIFIED',
    'LIMIT_SMS_COUNTRY',
    'LIMIT_SMS_GLOBAL',
    'LIMIT_STATUS',
    'LIMIT_CLIENT_ADDRESS',
    'LIMIT_UNAUTHENTICATED',
  ])('%s is off', (key) => {
    expectTold(refusalOf({ [key]: 'off' }), {}, key, /must not be off in production/);
  });

  // ASVS 13.2.1, 13.2.2, 13.2.3
  it('the database role is a superuser', async () => {
    const changes = { DATABASE_URL: database.url };
    expectTold(await expectExit(changes), changes, 'DATABASE_URL', /superuser/);
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
