// Two versions of the programs, for what happens between them. A clean clone has no older version at hand (it may lack the history), so
// the newer one is made: this build, plus the kinds of migrations a release may bring (ADR 75). With UPGRADE_FROM=<a built
// checkout of an earlier commit> that is the older version and this build the newer (`npm run test:upgrade`).
import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, type TestDatabase } from './database';
import { Program, ROOT } from './program';

export interface Releases {
  /** Roots of built checkouts. */
  readonly older: string;
  readonly newer: string;
}

/** What the next release brings: each file is one migration, as `migrations/` has them, built. */
export const nextSteps: Readonly<Record<string, string>> = {
  AddNicknames: `
    await runner.query(\`ALTER TABLE users ADD COLUMN nickname text, ADD COLUMN rank int NOT NULL DEFAULT 0\`);`,
  ...Object.fromEntries(
    ['otp_attempts', 'sessions', 'registrations', 'audit_log', 'sms_deliveries', 'rate_limits'].map((table) => [
      `AddRemarkTo${table.replace(/(?:^|_)(.)/g, (_, sign: string) => sign.toUpperCase())}`,
      `await runner.query('ALTER TABLE ${table} ADD COLUMN remark text');`,
    ]),
  ),
  FillNicknames: `
    for (let left = true; left; ) {
      const batch = "SELECT id FROM users WHERE nickname IS NULL LIMIT 100 FOR UPDATE SKIP LOCKED";
      const [, count] = await runner.query(\`UPDATE users SET nickname = 'none' WHERE id IN (\${batch})\`);
      left = count > 0;
    }`,
  BoundRanks: `
    await runner.query('ALTER TABLE users ADD CONSTRAINT users_rank_bounded CHECK (rank >= 0) NOT VALID');`,
  CheckRanks: `await runner.query('ALTER TABLE users VALIDATE CONSTRAINT users_rank_bounded');`,
  IndexNicknames: `
    await runner.query('SET lock_timeout = 0');
    try {
      await runner.query('DROP INDEX CONCURRENTLY IF EXISTS users_nickname_idx');
      await runner.query('CREATE INDEX CONCURRENTLY users_nickname_idx ON users (nickname)');
    } finally {
      await runner.query('RESET lock_timeout');
    }`,
};

/** Steps that run outside a transaction: in batches, or because PostgreSQL wants it so. */
const alone = ['FillNicknames', 'IndexNicknames'];

/** A copy of a build with more migrations. @returns its root, to be removed */
export function releaseWith(steps: Readonly<Record<string, string>>, base = ROOT): string {
  const root = mkdtempSync(join(tmpdir(), 'latchkey-release-'));
  cpSync(join(base, 'dist'), join(root, 'dist'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  mkdirSync(join(root, 'dist', 'migrations'), { recursive: true });
  Object.entries(steps).forEach(([step, body], at) => {
    const name = `${step}${1_799_000_000_001 + at}`;
    const text = `exports.${name} = class ${name} {
      constructor() { ${alone.includes(step) ? 'this.transaction = false;' : ''} }
      async up(runner) { ${body} }
      async down() {}
    };`;
    writeFileSync(join(root, 'dist', 'migrations', `${1_799_000_000_001 + at}-${step}.js`), text);
  });
  return root;
}

/** A database as that version leaves a new one. */
export async function databaseOf(root: string): Promise<TestDatabase> {
  const database = await createDatabase({ empty: true });
  await migrateWith(root, database.url);
  return database;
}

/** `npm run migrate` of that version. @returns what it wrote to stderr. @throws Error with it when it fails */
export async function migrateWith(root: string, url: string): Promise<string> {
  const program = new Program('migrate.js', { DATABASE_URL: url }, { root });
  const { code } = await program.exited;
  if (code !== 0) throw new Error(`migrate ended with ${code}: ${program.logs()}`);
  return program.stderr;
}
