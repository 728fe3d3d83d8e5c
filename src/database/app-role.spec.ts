import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { createDatabase, onServer, type TestDatabase } from '../../test/support/database';
import { grantToApp } from './app-role';

const role = `app_${randomBytes(6).toString('hex')}`;
let database: TestDatabase;
let owner: Client;
let app: Client;

beforeAll(async () => {
  database = await createDatabase();
  await onServer(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`);
  owner = new Client({ connectionString: database.url });
  await owner.connect();
  // As after every migration.
  for (let times = 0; times < 2; times += 1) await grantToApp(owner, role, () => undefined);
  const url = new URL(database.url);
  url.username = url.password = role;
  app = new Client({ connectionString: url.href });
  await app.connect();
});
afterAll(async () => {
  await app.end();
  await owner.query(`DROP OWNED BY ${role}`);
  await owner.end();
  await database.drop();
  await onServer(`DROP ROLE ${role}`);
});

// protocol.md 2, design 5: a code made for one number must not follow the row to another.
it.each(['id', 'token_digest', 'purpose', 'key_id', 'subject_id', 'auth_epoch', 'phone', 'max_failed', 'expires_at'])(
  'the %s of a challenge is written once',
  async (column) => {
    await expect(app.query(`UPDATE otp_attempts SET ${column} = ${column}`)).rejects.toThrow(/permission denied/);
    const { rows } = await owner.query('SELECT has_column_privilege($1, $2, $3, $4) AS may', [
      role,
      'otp_attempts',
      column,
      'INSERT',
    ]);
    expect(rows).toEqual([{ may: true }]);
  },
);

it('what happens to a challenge is written by the app, and its row deleted', async () => {
  const changing = ['failed', 'consumed_at', 'revoked_at', 'decoy', 'sends', 'resend_at', 'channel', 'verifier'];
  const vendors = ['vendor_ref', 'vendor_ended', 'verified_by', 'code_proved_at'];
  const set = [...changing, ...vendors].map((column) => `${column} = ${column}`).join();
  await app.query(`UPDATE otp_attempts SET ${set}`);
  await app.query('SELECT id FROM otp_attempts FOR UPDATE');
  await app.query('DELETE FROM otp_attempts');
});
