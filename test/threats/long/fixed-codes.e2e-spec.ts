// A19, A95: the build that runs in production, in production, knows no code that is good without having been sent, and no key of development.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { grantToApp } from '../../../src/database/app-role';
import { ApiClient, type ChallengeBody, type ProblemBody } from '../../support/api-client';
import { createDatabase, onServer, type TestDatabase } from '../../support/database';
import { PASSWORD } from '../../support/person';
import { Program } from '../../support/program';
import { ring } from '../../support/refused-configurations';

const PHONE = '+14152990107';
const FIRST_GUESSES = ['000000', '123456', '111111'];
const folder = mkdtempSync(join(tmpdir(), 'latchkey-production-'));
const role = `production_${randomBytes(6).toString('hex')}`;
let database: TestDatabase;
let client: Client;
let program: Program;

beforeAll(async () => {
  database = await createDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  await onServer(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`);
  await grantToApp(client, role, () => undefined);
  const url = new URL(database.url);
  url.username = url.password = role;
  program = new Program('main.js', {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: url.href,
    SECRET_KEYS: ring(),
    PUBLIC_URL: 'https://auth.example.com',
    SMS_COUNTRIES: 'US',
    SMS_PROVIDERS: 'telnyx',
    TELNYX_API_KEY: 'KEY0123456789',
    TELNYX_PHONE_NUMBER: '+12025550100',
    // Nobody is there: what counts is that nothing else is taken.
    TELNYX_BASE_URL: 'https://127.0.0.1:9',
    LATCHKEY_DIR: folder,
  });
});
afterAll(async () => {
  await program.stop();
  await client.query(`DROP OWNED BY ${role}`);
  await client.end();
  await database.drop();
  await onServer(`DROP ROLE ${role}`);
  rmSync(folder, { recursive: true, force: true });
});

it('A19: what people try first opens nothing in production, and is counted', async () => {
  const api = new ApiClient(String((await program.ready())['api']));
  const started = await api.post<ChallengeBody>('/v1/auth/register', { phone: PHONE, password: PASSWORD });
  expect([started.status, started.body.codeLength]).toEqual([202, 6]);
  const { challengeToken } = started.body;
  const answers: unknown[] = [];
  for (const code of FIRST_GUESSES) {
    const { status, body } = await api.post<ProblemBody>('/v1/auth/otp/verify', { challengeToken, code });
    answers.push([code, status, body.code, body.attemptsLeft]);
  }
  expect(answers).toEqual(FIRST_GUESSES.map((code, at) => [code, 401, 'code_invalid', 4 - at]));
  const { rows } = await client.query(
    'SELECT (SELECT count(*)::int FROM users) AS users, (SELECT failed FROM otp_attempts) AS failed',
  );
  expect(rows).toEqual([{ users: 0, failed: FIRST_GUESSES.length }]);
});

it('A95: the administrator of development, whose key lies in a file, is none there, though its row has come along', async () => {
  const admin = new ApiClient(String((await program.ready())['admin']));
  const opens = async (clientId: string) => {
    const key = `ak_${randomBytes(32).toString('base64url')}`;
    await client.query(
      `INSERT INTO api_clients (id, client_id, name, audience, allowed_origins, scopes, secret_digest, created_at, updated_at, secret_created_at)
       VALUES (gen_random_uuid(), $1, $1, $1, '{}', '{admin}', $2, now(), now(), now())`,
      [clientId, createHash('sha256').update(key).digest()],
    );
    return (await admin.get('/v1/admin/clients', { token: key })).status;
  };
  expect([await opens('an-operator'), await opens('development-admin')]).toEqual([200, 401]);
});
