// What the tables themselves refuse, if a statement of ours is ever wrong: by the name of the rule, and nothing that is right.
import { openDatabase, type OpenDatabase } from '../../test/support/database';

const purposes = ['register', 'login', 'step_up', 'reset', 'phone_change', 'phone_verification', 'email_change'];
const unknown = ['', 'x', 'LOGIN', 'sms,voice', '{sms}', ' body', 'active '];

/** By rule: table, what is set, values that are right, values that are not. */
const rules: Readonly<Record<string, readonly [string, string, readonly unknown[], readonly unknown[]]>> = {
  otp_attempts_purpose_known: ['otp_attempts', 'purpose = $1, session_id = id', purposes, unknown],
  otp_attempts_channel_known: ['otp_attempts', 'channel = $1', ['sms', 'voice', 'email'], unknown],
  otp_attempts_methods_known: [
    'otp_attempts',
    'methods = $1',
    [['sms'], ['email', 'totp'], ['recovery_code', 'totp', 'sms', 'email']],
    [[], [''], ['voice'], ['sms', 'x'], [null]],
  ],
  otp_attempts_token_delivery_known: ['otp_attempts', 'token_delivery = $1', ['body', 'cookie'], unknown],
  otp_attempts_failed_bounded: ['otp_attempts', 'failed = $1', [0, 5], [-1, 6]],
  otp_attempts_verified_by_offered: [
    'otp_attempts',
    "verified_by = $1, methods = '{sms}'",
    [null, 'sms'],
    ['totp', ''],
  ],
  users_status_known: ['users', 'status = $1', ['active', 'disabled'], unknown],
  users_phone_e164: ['users', 'phone = $1', [null, '+4915112345678'], ['', '4915112345678', '+0151', '+49 151']],
  users_recovery_codes_left_bounded: ['users', 'recovery_codes_left = $1', [0, 10], [-1, 11]],
  sessions_token_delivery_known: ['sessions', 'token_delivery = $1', ['body', 'cookie'], unknown],
};
const each = Object.entries(rules).map(([rule, [table, set, right, wrong]]) => ({ rule, table, set, right, wrong }));

describe('a row that must not be', () => {
  let made: OpenDatabase;

  beforeAll(async () => {
    made = await openDatabase();
    await made.client.query(`
      INSERT INTO users (id, phone, password_hash, last_authenticated_at, created_at)
        VALUES (gen_random_uuid(), '+12025550123', 'x', now(), now());
      INSERT INTO sessions (id, user_id, auth_epoch, client_id, amr, authenticated_at, created_at, last_used_at, expires_at, idle_expires_at, refresh_digest)
        SELECT gen_random_uuid(), id, 0, 'first-party', '{pwd}', now(), now(), now(), now(), now(), 'x' FROM users;
      INSERT INTO otp_attempts (id, token_digest, purpose, key_id, code_length, subject_id, phone, max_failed, created_at, expires_at, sends, channel, client_id)
        VALUES (gen_random_uuid(), 'x', 'login', 'k1', 6, gen_random_uuid(), '+12025550123', 5, now(), now(), '{}', 'sms', 'first-party')`);
  });
  afterAll(() => made.close());

  it.each(each)('$rule', async ({ rule, table, set, right, wrong }) => {
    const text = `UPDATE ${table} SET ${set}`;
    for (const value of wrong)
      await expect(made.client.query(text, [value])).rejects.toMatchObject({ constraint: rule });
    for (const value of right) expect((await made.client.query(text, [value])).rowCount).toBe(1);
  });

  it('is refused by rules that hold for every row, those of before as well', async () => {
    const { rows } = await made.client.query<{ conname: string }>(
      `SELECT conname FROM pg_constraint WHERE contype = 'c' AND NOT convalidated`,
    );
    expect(rows).toEqual([]);
  });
});
