// F27: what a migration may do to a database that is in use (ADR 75). It blocks no big table, and takes nothing away that the version before
// it uses, unless it says so by raising the floor. A step of before the first release is listed with what it would do.
import 'reflect-metadata';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migrationNames } from '../../src/database/migration-files';
import { ROOT } from '../support/program';
import { dangersOf } from '../support/schema-steps';

type Migration = MigrationInterface & { readonly transaction?: boolean };

const folder = join(ROOT, 'migrations');
const found: Record<string, string[]> = {};
const shutting: string[] = [];
const reading: string[] = [];

/** Made before there was a first release: no database in use has to take them. A later step is written so that it needs no line here. */
const beforeTheFirstRelease: Readonly<Record<string, readonly string[]>> = {
  AddCircumstancesToAuditLog1763700000065: [
    'reads all of audit_log',
    'stops writing to audit_log while it makes audit_log_phone_hmac_idx',
  ],
  AddConversionToSmsDeliveries1763700000027: [
    'stops writing to sms_deliveries while it makes sms_deliveries_undecided_idx',
  ],
  AddEmailToNotices1763700000044: ['reads all of notices'],
  AddEmailToOtpAttempts1763700000045: ['reads all of otp_attempts'],
  AddExpectedPriceToSmsDeliveries1763700000022: ['reads all of sms_deliveries'],
  AddMethodsToOtpAttempts1763700000038: ['reads all of otp_attempts'],
  AddSecondFactorsToUsers1763700000037: ['reads all of users'],
  AddTermsToUsers1763700000059: ['reads all of users', 'shuts registrations while it waits for users'],
  AddTokenDelivery1763700000011: [
    'reads all of otp_attempts',
    'reads all of sessions',
    'shuts otp_attempts while it waits for sessions',
  ],
  BindStepUpToSession1763700000030: ['reads all of otp_attempts'],
  CreateAuditWebhook1763700000057: [
    'stops writing to audit_log while it makes audit_log_xact_id_idx',
    'stops writing to audit_log while it makes audit_log_event_at_idx',
  ],
  CreateInvites1763700000058: [
    'reads all of registrations',
    'stops writing to registrations while it makes registrations_invite_id_idx',
  ],
  CreateSmsReceipts1763700000023: ['stops writing to sms_deliveries while it makes sms_deliveries_provider_id_idx'],
  FindDeliveriesByCountryAndStatus1763700000062: [
    'stops writing to sms_deliveries while it makes sms_deliveries_country_idx',
    'stops writing to sms_deliveries while it makes sms_deliveries_undelivered_idx',
  ],
  ForgetVendorIdsOfDeletedAccounts1763700000048: [
    'stops writing to deleted_accounts while it makes deleted_accounts_to_forget_idx',
  ],
  IndexEmailOfUsers1763700000054: ['stops writing to users while it makes users_email_idx'],
  IndexImportedPasswords1763700000051: ['stops writing to users while it makes users_imported_password_idx'],
  LetStrangersInOneAtATime1763700000060: ['takes take_unverified away'],
  ProtectAuditLog1763700000056: ['stops writing to audit_log while it makes audit_log_address_idx'],
  RememberProvedCodesOfResets1763700000040: ['reads all of otp_attempts'],
  RotateSigningKeys1763700000012: [
    'reads all of signing_keys',
    'stops writing to signing_keys while it makes signing_keys_one_next',
  ],
  TellHowDeliveriesEnd1763700000024: ['changes all rows of sms_deliveries at once'],
};

beforeAll(async () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
    const exported = (await import(join(folder, file))) as Record<string, new () => Migration>;
    for (const [name, type] of Object.entries(exported)) {
      const dangers = await dangersOf(new type());
      if (dangers.length > 0) found[name] = dangers;
      const migration = new type();
      const { texts, dangers: ofBack } = await wayBack(migration);
      // What was made beside its use goes beside it, too. Older steps made theirs at once, before there was a first release.
      const shuts = (text: string) => /\b(?:CREATE (?:UNIQUE )?|DROP )INDEX (?!CONCURRENTLY)/i.test(text);
      if (migration.transaction === false && texts.some(shuts)) shutting.push(name);
      if (ofBack.some((danger) => danger.startsWith('reads all of'))) reading.push(name);
    }
  }
});

it('a migration in <number>-<Verb>.ts is called <Verb><number>', async () => {
  const names = readdirSync(folder).map(async (file) => Object.keys((await import(join(folder, file))) as object));
  expect((await Promise.all(names)).flat()).toEqual(migrationNames());
});

it('F27: every migration may run while the version before it is in use', () => {
  expect(found).toEqual(beforeTheFirstRelease);
});

/** Its way back, which takes no transaction (src/database/migrate.ts), as a step. */
async function wayBack(migration: Migration): Promise<{ texts: readonly string[]; dangers: readonly string[] }> {
  const texts: string[] = [];
  const query = (text: string): Promise<unknown[]> => Promise.resolve((texts.push(text), []));
  await migration.down({ query } as unknown as QueryRunner);
  return { texts, dangers: await dangersOf(step(texts, false)) };
}

it('F27: the way back of a step that takes no transaction shuts no table, either', () => {
  expect(shutting).toEqual([]);
});

it('F27: no way back checks a whole table while nobody may use it', () => {
  // Of before the first release: no database in use has taken the way there.
  expect(reading).toEqual([
    'RotateSigningKeys1763700000012',
    'AddEmailToNotices1763700000044',
    'AddEmailToOtpAttempts1763700000045',
  ]);
});

function step(texts: readonly string[], transaction?: boolean): Migration {
  const up = async (runner: QueryRunner): Promise<void> => {
    for (const text of texts) await runner.query(text);
  };
  return { up, down: () => Promise.resolve(), ...(transaction === undefined ? {} : { transaction }) };
}

describe('what is dangerous', () => {
  it.each<[string, string]>([
    ['CREATE INDEX a_idx ON users (a)', 'stops writing to users while it makes a_idx'],
    ['CREATE UNIQUE INDEX a_key ON users (a)', 'stops writing to users while it makes a_key'],
    ['CREATE INDEX CONCURRENTLY a_idx ON users (a)', 'makes a_idx in a way that fails, or cannot be repeated'],
    ['ALTER TABLE users ADD COLUMN a uuid DEFAULT gen_random_uuid()', 'writes all of users anew'],
    ['ALTER TABLE users ADD COLUMN a bigserial', 'writes all of users anew'],
    [
      'ALTER TABLE users ADD COLUMN a int, ADD COLUMN b timestamptz NOT NULL DEFAULT clock_timestamp()',
      'writes all of users anew',
    ],
    ['ALTER TABLE users ADD COLUMN a int CHECK (a IN (1, 2))', 'reads all of users'],
    ['ALTER TABLE users ADD COLUMN a uuid REFERENCES invites (id)', 'reads all of users'],
    ['ALTER TABLE users ADD COLUMN a int NOT NULL', 'fails when users has rows'],
    ["ALTER TABLE users ADD CONSTRAINT a CHECK (b <> 'x, y')", 'reads all of users'],
    ['ALTER TABLE users ADD CONSTRAINT a UNIQUE (b)', 'stops using users while it makes an index'],
    ['ALTER TABLE users ALTER COLUMN a TYPE bigint', 'writes all of users anew'],
    ['ALTER TABLE users ALTER COLUMN a SET NOT NULL', 'reads all of users'],
    ['UPDATE users SET a = 1 WHERE a IS NULL', 'changes all rows of users at once'],
    ['LOCK TABLE users', 'shuts a table: LOCK TABLE users'],
    ['ALTER TABLE users DROP COLUMN a', 'takes users.a away'],
    ['ALTER TABLE users RENAME COLUMN a TO b', 'takes users.a away'],
    [
      'ALTER TABLE users ADD COLUMN a int; ALTER TABLE sessions ADD COLUMN a int',
      'shuts users while it waits for sessions',
    ],
    ['DROP TABLE users', 'takes users away'],
    ['DROP FUNCTION within_limits(int)', 'takes within_limits away'],
  ])('%s', async (text, danger) => {
    expect(await dangersOf(step([`SELECT 1; ${text}`]))).toEqual([danger]);
  });
});

describe('what is not', () => {
  const now = 'SET lock_timeout = 0';
  const later = 'RESET lock_timeout';
  const drop = 'DROP INDEX CONCURRENTLY IF EXISTS a_idx';
  it.each<[string, Migration]>([
    [
      'anything with a table that the migration makes',
      step(['CREATE TABLE a (b int); CREATE INDEX c ON a (b); UPDATE a SET b = 1']),
    ],
    [
      'a column with a constant',
      step([
        "ALTER TABLE users ADD COLUMN a text NOT NULL DEFAULT 'now(), then', ADD COLUMN b timestamptz DEFAULT now()",
      ]),
    ],
    ['a rule that old rows are held to later', step(['ALTER TABLE users ADD CONSTRAINT a CHECK (b > 0) NOT VALID'])],
    ['holding them to it', step(['ALTER TABLE users VALIDATE CONSTRAINT a'])],
    [
      'an index made beside its use, that can be made again',
      step([now, drop, 'CREATE INDEX CONCURRENTLY a_idx ON users (a)', later], false),
    ],
    [
      'rows changed in batches',
      step(['UPDATE users SET a = 1 WHERE id IN (SELECT id FROM users WHERE a IS NULL LIMIT 1000)'], false),
    ],
    [
      'taking away what nobody uses, and saying so',
      step(["UPDATE schema_floor SET migration = 'b'; ALTER TABLE users DROP COLUMN a"]),
    ],
    ['words in a function or a comment', step(['CREATE FUNCTION f() AS $$ LOCK TABLE users; $$; -- DROP TABLE users'])],
  ])('%s', async (_, migration) => {
    expect(await dangersOf(migration)).toEqual([]);
  });
});
