// The audit log under two roles, as production has them: the owner migrates, the app only uses. Read by operators, changed by nobody
// (A99, security.md 5.10, 16.4.2).
import { randomBytes } from 'node:crypto';
import { Client, Pool } from 'pg';
import type { ApiAnswer } from '../../support/api-client';
import { cliRecords } from '../../support/cli';
import { createDatabase, onServer, type TestDatabase } from '../../support/database';
import { startSystem, type System } from '../../support/instance';
import { Person } from '../../support/person';
import { Program } from '../../support/program';

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly type: string;
  readonly outcome: string;
  readonly userId: string | null;
  readonly address: string | null;
  readonly userAgentHash: string | null;
  readonly amr: readonly string[] | null;
  readonly phoneHmac: string | null;
  readonly phoneTail: string | null;
}
type Page = ApiAnswer<{ readonly items: readonly Entry[]; readonly nextCursor: string | null }>;

const suffix = randomBytes(6).toString('hex');
const [owner, app] = [`owner_${suffix}`, `app_${suffix}`];
let database: TestDatabase;
let system: System;
let asOwner: Client;
let asApp: Pool;
let userId: string;

const as = (role: string): string => {
  const url = new URL(database.url);
  url.username = url.password = role;
  return url.href;
};

beforeAll(async () => {
  database = await createDatabase({ empty: true });
  for (const role of [owner, app]) await onServer(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`);
  await onServer(`ALTER DATABASE ${database.name} OWNER TO ${owner}`);
  const urls = { DATABASE_URL: as(app), MIGRATION_DATABASE_URL: as(owner) };
  const migration = new Program('migrate.js', urls);
  expect([(await migration.exited).code, migration.stderr]).toEqual([0, expect.stringContaining('ProtectAuditLog')]);
  system = await startSystem({ env: urls });
  asOwner = new Client({ connectionString: as(owner) });
  await asOwner.connect();
  asApp = new Pool({ connectionString: as(app), max: 2 });
  const { user } = await new Person(system, '+14152810101').joined();
  userId = String(user['id']);
});
afterAll(async () => {
  await asOwner.end();
  await asApp.end();
  await system.stop();
  await database.drop();
  for (const role of [owner, app]) await onServer(`DROP ROLE ${role}`);
});

const list = (query = ''): Promise<Page> => system.admin.get(`/v1/admin/audit${query}`, { token: system.adminKey });

/** Rows as if written this many days ago. @returns their ids, oldest first */
async function insertOld(...rows: { days: number; address: string }[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { days, address } of rows) {
    const { rows: made } = await asApp.query<{ id: string }>(
      `INSERT INTO audit_log (at, event, address, phone_hmac, phone_tail)
       VALUES (now() - make_interval(days => $1), 'authn_login_fail', $2, '\\x01', '23') RETURNING id::text AS id`,
      [days, address],
    );
    ids.push(made[0]?.id ?? '');
  }
  return ids;
}

// ASVS 16.4.2
it.each([
  `UPDATE audit_log SET reason = 'nothing'`,
  `UPDATE audit_log SET address = NULL WHERE address IS NOT NULL`,
  `DELETE FROM audit_log`,
  `TRUNCATE audit_log`,
])('A99: %s is refused to the role of the app, to the owner of the table and to a superuser', async (text) => {
  const superuser = new Client({ connectionString: database.url });
  await superuser.connect();
  await expect(asApp.query(text)).rejects.toThrow(/permission denied/);
  await expect(asOwner.query(text)).rejects.toThrow('the audit log only grows');
  await expect(superuser.query(text)).rejects.toThrow('the audit log only grows');
  await superuser.end();
});

it('A99: the role of the app can neither lift the guard nor become somebody who can', async () => {
  for (const text of [
    'ALTER TABLE audit_log DISABLE TRIGGER ALL',
    'DROP TRIGGER audit_log_no_delete ON audit_log',
    'CREATE OR REPLACE FUNCTION audit_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$',
    `SET session_replication_role = replica`,
    `SET ROLE ${owner}`,
  ])
    await expect(asApp.query(text)).rejects.toThrow(/must be owner|permission denied/);
});

it('what is kept long enough goes, by the database clock alone: rows after 400 days, addresses after 90, numbers after 30', async () => {
  const places = [
    { days: 401, address: '192.0.2.77' },
    { days: 399, address: '192.0.2.78' },
    { days: 91, address: '2001:db8:1:2::9' },
    { days: 89, address: '192.0.2.79' },
    { days: 29, address: '192.0.2.80' },
  ];
  // Behind a younger row nothing old is looked for: the log is in the order of time.
  await asOwner.query('ALTER TABLE audit_log DISABLE TRIGGER USER');
  await asOwner.query('CREATE TEMP TABLE kept AS SELECT * FROM audit_log');
  await asOwner.query('DELETE FROM audit_log');
  await asOwner.query('ALTER TABLE audit_log ENABLE TRIGGER USER');
  const [, second, third, fourth, fifth] = await insertOld(...places);
  await asApp.query('SELECT audit_log_expire(1000)');
  await asApp.query('SELECT audit_log_expire(1000)');
  const { rows } = await asApp.query<{ id: string; address: string; tail: string | null }>(
    'SELECT id::text AS id, address, coalesce(phone_tail, phone_hmac::text) AS tail FROM audit_log ORDER BY audit_log.id',
  );
  expect(rows).toEqual([
    { id: second, address: '192.0.2.0/24', tail: null },
    { id: third, address: '2001:db8:1::/48', tail: null },
    { id: fourth, address: '192.0.2.79', tail: null },
    { id: fifth, address: '192.0.2.80', tail: '23' },
  ]);
  await asOwner.query('INSERT INTO audit_log OVERRIDING SYSTEM VALUE SELECT * FROM kept');
});

it('operators read it, newest first, by type, person and time, page by page', async () => {
  const all = await list(`?userId=${userId}`);
  expect(all.body.items.map(({ type, outcome }) => [type, outcome])).toContainEqual(['user_created', 'success']);
  const ids = all.body.items.map(({ id }) => id);
  const paged: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page = await list(`?userId=${userId}&limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
    paged.push(...page.body.items.map(({ id }) => id));
    cursor = page.body.nextCursor;
  }
  expect(paged).toEqual(ids);
  const [newest] = all.body.items;
  const at = newest?.at ?? '';
  const since = await list(`?userId=${userId}&from=${at}`);
  expect(since.body.items.map(({ id }) => id)).toContain(newest?.id);
  expect((await list(`?userId=${userId}&to=${at}`)).body.items.map(({ id }) => id)).not.toContain(newest?.id);
  const created = await list('?type=user_created');
  expect(created.body.items).toMatchObject([{ type: 'user_created', userId }]);
});

// security.md 5.10
it('tells how an event came about: the browser as a hash, what proved the person, the end of a number that was asked about', async () => {
  const [created] = (await list('?type=user_created')).body.items;
  expect(created?.amr).toEqual(['pwd', 'sms', 'mfa']);
  expect(created?.userAgentHash).toMatch(/^[0-9a-f]{32}$/);
  const [asked] = (await list('?type=registration_requested')).body.items;
  expect(asked).toMatchObject({ userAgentHash: created?.userAgentHash, amr: null, phoneTail: '01' });
  expect(asked?.phoneHmac).toMatch(/^[0-9a-f]{64}$/);
});

const noInstants = [
  'yesterday',
  '2026-W01-1',
  '2026-001',
  '20260101T000000Z',
  '2026-01-01T00',
  '2026-01-01T00:00:00,5Z',
];

it.each(['?type=A', '?userId=1', ...noInstants.map((text) => `?from=${text}`), '?cursor=x', '?limit=0', '?order=up'])(
  'a question it does not know is 400: %s',
  async (query) => {
    expect(await list(query)).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  },
);

it('is shut to everybody without the key of an operator', async () => {
  expect((await system.admin.get('/v1/admin/audit')).status).toBe(401);
  expect((await system.api.get('/v1/admin/audit', { token: system.adminKey })).status).toBe(404);
});

it('the command line tells the same', async () => {
  const [record, ...more] = await cliRecords<Entry>(
    system.env,
    'audit',
    'list',
    '--type',
    'user_created',
    '--user',
    userId,
  );
  expect(more).toEqual([]);
  expect([record]).toEqual((await list('?type=user_created')).body.items);
});

describe('a common event that hardly occurs, behind more others than a page looks at', () => {
  const SINCE = '2026-01-01T00:00:00Z';
  const scope = `?type=session_renewed&to=${SINCE}`;
  let renewed: string[];

  beforeAll(async () => {
    const { rows } = await asApp.query<{ id: string }>(
      `INSERT INTO audit_log (at, event) SELECT $1::timestamptz - make_interval(secs => n), CASE WHEN n % 60000 IN (3, 4, 5) THEN 'session_renewed' ELSE 'otp_sent' END
         FROM generate_series(1, 120010) n RETURNING CASE WHEN event = 'session_renewed' THEN id::text END AS id`,
      [SINCE],
    );
    renewed = rows.flatMap(({ id }) => id ?? []);
  });

  it('a page ends before it is full and says where to go on; together they are all, each once, in order', async () => {
    const pages: Page[] = [];
    for (let next: string | null | undefined = ''; typeof next === 'string'; next = pages.at(-1)?.body.nextCursor) {
      pages.push(await list(`${scope}&limit=2${next === '' ? '' : `&cursor=${next}`}`));
    }
    expect(pages.flatMap(({ body }) => body.items.map(({ id }) => id))).toEqual(renewed);
    expect(pages.map(({ body }) => body.items.length)).toEqual([2, 1, 2, 1, 2, 1]);
  });

  it('the command line goes on by itself until it has as many as it was asked for', async () => {
    const found = await cliRecords<Entry>(
      system.env,
      'audit',
      'list',
      '--type',
      'session_renewed',
      '--to',
      SINCE,
      '--limit',
      '5',
    );
    expect(found.map(({ id }) => id)).toEqual(renewed.slice(0, 5));
  });
});
