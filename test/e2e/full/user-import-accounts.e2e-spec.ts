// What accounts come in with, which lines are refused for whom, and that an export comes in elsewhere. Each test has its own numbers.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { hashSync } from 'bcrypt';
import { logIn, PASSWORD, signUp } from '../../support/accounts';
import { cliRecords, runCli } from '../../support/cli';
import { accountOf, freshMobiles, ImportFolder, importUsers, reportOf } from '../../support/import-file';
import { startSystem, type System } from '../../support/instance';
import { moves } from '../../support/moved-columns';

let system: System;
const folder = new ImportFolder();
const passwordHash = hashSync(PASSWORD, 4);
/** A number that no other test has. */
const fresh = freshMobiles();

beforeAll(async () => {
  system = await startSystem();
});

afterAll(async () => {
  await system.stop();
  folder.remove();
});

const account = (phone: string) => accountOf(system, phone);

const login = (identifier: string) =>
  system.api.post<{ code?: string }>('/v1/auth/login', { identifier, password: PASSWORD });

describe('duplicates are reported and nothing that is there is written', () => {
  it('of an account that was there, of an earlier line, however it is spelled', async () => {
    const [there, twice] = [fresh(), fresh()];
    await signUp(system, there, 'another fine long password');
    const before = await account(there);
    const spelled = `${twice.slice(0, 6)} (${twice.slice(6, 9)}) ${twice.slice(9)}`;
    const result = await importUsers(
      system,
      folder.file('duplicates.jsonl', [
        { phone: there, passwordHash, displayName: 'Mallory' },
        { phone: twice, passwordHash, displayName: 'First' },
        { phone: spelled, passwordHash, displayName: 'Second' },
      ]),
    );
    expect(reportOf(result)).toEqual(['1 phone_taken', '3 phone_duplicate']);
    expect(await account(there)).toEqual(before);
    expect(await account(twice)).toMatchObject({ display_name: 'First' });
  });

  it('of a verified address only, and only where verified addresses are believed', async () => {
    const [a, b, c, d] = [fresh(), fresh(), fresh(), fresh()];
    const email = 'one@mail.example.com';
    const people = [
      { phone: a, passwordHash, email, emailVerified: true },
      { phone: b, passwordHash, email: 'ONE@mail.example.com', emailVerified: true },
      { phone: c, passwordHash, email },
    ];
    const result = await importUsers(system, folder.file('addresses.jsonl', people), '--verified-emails');
    expect(reportOf(result)).toEqual(['2 email_duplicate']);
    expect((await login(email)).status).toBe(200);
    const again = folder.file('addresses-2.jsonl', [{ phone: d, passwordHash, email, emailVerified: true }]);
    expect(reportOf(await importUsers(system, again, '--verified-emails'))).toEqual(['1 email_taken']);
    expect(await importUsers(system, again)).toMatchObject({ imported: 1 });
    expect(await account(d)).toMatchObject({ email, email_verified_at: null });
  });

  it('a registration under way and an import of its number: one account', async () => {
    const phone = fresh();
    const started = await system.api.post<{ challengeToken: string }>('/v1/auth/register', {
      phone,
      password: PASSWORD,
    });
    const code = await system.phone.codeFor(phone);
    await importUsers(system, folder.file('race.jsonl', [{ phone, passwordHash, displayName: 'Imported' }]));
    const { challengeToken } = started.body;
    expect(await system.api.post('/v1/auth/otp/verify', { challengeToken, code })).toMatchObject({ status: 409 });
    expect(await account(phone)).toMatchObject({ display_name: 'Imported' });
  });
});

describe('what an account comes in with', () => {
  it('a Firebase hash signs in with the parameters of its project', async () => {
    const phone = fresh();
    const parameters = folder.file(
      'parameters.txt',
      `hash_config {\n  algorithm: SCRYPT,\n  base64_signer_key: jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==,
  base64_salt_separator: Bw==,\n  rounds: 8,\n  mem_cost: 14,\n}`,
    );
    const hash = 'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==';
    const file = folder.file('firebase.jsonl', [{ phone, passwordHash: hash, passwordSalt: '42xEC+ixf3L2lw==' }]);
    expect(reportOf(await importUsers(system, file))).toEqual(['1 password_hash_unknown']);
    expect(await importUsers(system, file, '--firebase-config', parameters)).toMatchObject({ imported: 1 });
    expect((await system.api.post('/v1/auth/login', { identifier: phone, password: 'user2password' })).status).toBe(
      401,
    );
    await logIn(system, phone, 'user1password');
    expect((await account(phone))?.['password_hash']).toMatch(/^v1\$/);
  });

  it('a password that has to change, a disabled account, an account without a password', async () => {
    const [changing, disabled, none] = [fresh(), fresh(), fresh()];
    const people = [
      { phone: changing, passwordHash, mustChangePassword: true },
      { phone: disabled, passwordHash, status: 'disabled' },
      { phone: none },
    ];
    const file = folder.file('states.jsonl', people);
    const rehearsed = await importUsers(system, file, '--dry-run');
    expect(rehearsed.codes).toEqual([{ code: 'password_hash_missing', count: 1 }]);
    expect(reportOf(rehearsed)).toEqual(['3 password_hash_missing']);
    await importUsers(system, file, '--without-password');
    expect((await login(changing)).body.code).toBe('password_change_required');
    expect((await login(disabled)).body.code).toBe('credentials_invalid');
    expect((await login(none)).body.code).toBe('credentials_invalid');
    const reset = await system.api.post<{ challengeToken: string }>('/v1/auth/password/forgot', { identifier: none });
    const { challengeToken } = reset.body;
    const code = await system.phone.codeFor(none);
    const newPassword = 'a password of my own choosing';
    expect((await system.api.post('/v1/auth/password/reset', { challengeToken, code, newPassword })).status).toBe(204);
    await logIn(system, none, newPassword);
  });

  it('a row that was made to cost hours is compared with nothing (D11)', async () => {
    const phone = fresh();
    await importUsers(system, folder.file('sabotage.jsonl', [{ phone, passwordHash }]));
    const dear = passwordHash.replace('$2b$04', '$2b$31');
    await system.database.query('UPDATE users SET password_hash = $2 WHERE phone = $1', [phone, dear]);
    expect((await login(phone)).status).toBe(401);
  });

  it('one audit row each, and one for begin and end, with who did it', async () => {
    const phone = fresh();
    const result = await importUsers(system, folder.file('audit.jsonl', [{ phone, passwordHash }]));
    const { rows } = await system.database.query(
      `SELECT event, user_id = (SELECT id FROM users WHERE phone = $2) AS is_of, meta->>'imported' AS imported, meta->>'by' LIKE 'cli:%' AS by
         FROM audit_log WHERE ref = $1 ORDER BY event DESC`,
      [(result as unknown as { importId: string }).importId, phone],
    );
    expect(rows).toEqual([
      { event: 'user_imported', is_of: true, imported: null, by: null },
      { event: 'user_import_started', is_of: null, imported: null, by: true },
      { event: 'user_import_finished', is_of: null, imported: '1', by: true },
    ]);
  });
});

describe('in and out', () => {
  it('a rehearsal tells what would be refused, and keeps nothing', async () => {
    const [a, there] = [fresh(), fresh()];
    await importUsers(system, folder.file('there.jsonl', [{ phone: there, passwordHash }]));
    const people = [
      { phone: a, passwordHash },
      { phone: there, passwordHash },
      { phone: a, passwordHash },
      { phone: '+1' },
    ];
    const file = folder.file('rehearsal.jsonl', people);
    const tables = 'SELECT (SELECT count(*) FROM user_imports) AS imports, (SELECT count(*) FROM audit_log) AS audit';
    const before = (await system.database.query(tables)).rows;
    const rehearsed = await importUsers(system, file, '--dry-run');
    expect(reportOf(rehearsed)).toEqual(['2 phone_taken', '3 phone_duplicate', '4 phone_not_supported']);
    expect((await system.database.query(tables)).rows).toEqual(before);
    expect(await account(a)).toBeUndefined();
    expect(reportOf(await importUsers(system, file))).toEqual(reportOf(rehearsed));
  });

  it('an export says no hash unless asked, and comes in again elsewhere with the same ids and passwords', async () => {
    const [phone, waiting] = [fresh(), fresh()];
    const { user } = await signUp(system, phone);
    const whole = {
      phone: fresh(),
      passwordHash,
      email: 'whole@mail.example.com',
      emailVerified: true,
      displayName: 'Whole',
      locale: 'de-AT',
      status: 'disabled',
      mustChangePassword: true,
      createdAt: '2025-01-02T03:04:05.678Z',
      lastAuthenticatedAt: '2026-02-03T04:05:06.789Z',
    };
    const people = [{ phone: waiting, passwordHash }, whole];
    await importUsers(system, folder.file('waiting.jsonl', people), '--verified-emails');
    const bare = await cliRecords(system.env, 'users', 'export');
    expect(bare.length).toBeGreaterThan(1);
    expect(JSON.stringify(bare)).not.toMatch(/\$2b\$|f1\$|passwordHash/);
    const file = folder.free('export.jsonl');
    await cliRecords(system.env, 'users', 'export', '--hashes', file);
    const { rows: told } = await system.database.query<{ hashes: boolean; by: string }>(
      `SELECT (meta->>'hashes')::boolean AS hashes, meta->>'by' AS by FROM audit_log WHERE event = 'users_exported' ORDER BY id`,
    );
    const by = expect.stringMatching(/^cli:/) as string;
    expect(told).toEqual([
      { hashes: false, by },
      { hashes: true, by },
    ]);
    const other = await startSystem({ env: { SECRET_KEYS: readFileSync(secretsOf(system), 'utf8').trim() } });
    try {
      const result = await importUsers(other, file, '--keep-ids', '--without-password', '--verified-emails');
      expect(result).toMatchObject({ imported: bare.length, refused: 0 });
      expect((await logIn(other, phone)).user.id).toBe(user.id);
      await logIn(other, waiting);
      const [here, there] = [await movedOf(system, whole.phone), await movedOf(other, whole.phone)];
      expect(there).toEqual(here);
      expect(Object.values(here)).not.toContain(null);
    } finally {
      await other.stop();
    }
  });

  it('an export is written into no file that is there, for its owner only, and its hashes are of no use without the secrets', async () => {
    const phone = fresh();
    await signUp(system, phone);
    const file = folder.free('secret.jsonl');
    await cliRecords(system.env, 'users', 'export', '--hashes', file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const refusal = await runCli(system.env, ['users', 'export', '--hashes', file]);
    expect(refusal).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already') as string });
    const ours =
      readFileSync(file, 'utf8')
        .split('\n')
        .find((line) => line.includes(phone)) ?? '';
    const moved = { ...(JSON.parse(ours) as object), phone: fresh() };
    const forged = { ...moved, passwordKey: '0123456789abcdef' };
    const result = await importUsers(
      system,
      folder.file('moved.jsonl', [forged, { ...moved, passwordKey: undefined }]),
    );
    expect(reportOf(result)).toEqual(['1 password_key_unknown', '2 password_key_unknown']);
  });
});

/** What arrives of an account as it was. Hashes are sealed anew, and an address counts as verified from the import on. */
async function movedOf(system: System, phone: string): Promise<Record<string, unknown>> {
  const account = { ...(await accountOf(system, phone)) };
  expect(account['email_verified_at']).toBeInstanceOf(Date);
  const same = Object.keys(moves).filter((column) => column !== 'password_hash' && column !== 'email_verified_at');
  return Object.fromEntries(same.map((column) => [column, account[column]]));
}

function secretsOf({ env }: System): string {
  const path = `${env['LATCHKEY_DIR']}/secrets/SECRET_KEYS`;
  if (!existsSync(path)) throw new Error('the system has no generated ring');
  return path;
}
