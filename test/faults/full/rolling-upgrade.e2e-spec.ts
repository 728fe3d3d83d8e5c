// F27, F28: a new version takes over while people work: migrated under load, both versions side by side, the old one drained, and
// back again. Nobody sees an error, what was acknowledged stays, and what one version has issued or queued the other takes.
// UPGRADE_FROM: a built checkout of the older version (test/support/releases.ts); UPGRADE_STEPS: of each client in each phase; UPGRADE_CLIENTS.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chanceOf } from '../../support/chance';
import { startSystem, type System } from '../../support/instance';
import { brokenRules } from '../../support/ledger';
import { Person, phoneNumbers } from '../../support/person';
import { ROOT } from '../../support/program';
import { databaseOf, migrateWith, nextSteps, type Releases, releaseWith } from '../../support/releases';
import { LIMITS_OFF_BUT_OF_NUMBERS } from '../../races/burst';
import { compared } from '../journal/comparison';
import { Journal } from '../journal/journal';
import { JournalClient } from '../journal/journal-client';
import { Clients } from '../journal/scene';
import { settled } from '../journal/settled';
import { patiently } from '../../support/patience';

const STEPS = Number(process.env['UPGRADE_STEPS'] ?? 4);
const CLIENTS = Number(process.env['UPGRADE_CLIENTS'] ?? 2);
const OLDER = process.env['UPGRADE_FROM'];
const TIMEOUT_MS = patiently(60_000 + STEPS * 30_000);
const folder = mkdtempSync(join(tmpdir(), 'latchkey-upgrade-'));
const journal = new Journal(join(folder, 'journal'));
const nextPhone = phoneNumbers();
let releases: Releases;
let system: System;
let clients: Clients;

beforeAll(async () => {
  releases = OLDER === undefined ? { older: ROOT, newer: releaseWith(nextSteps) } : { older: OLDER, newer: ROOT };
  system = await startSystem({
    instances: 2,
    root: releases.older,
    database: await databaseOf(releases.older),
    env: { ...LIMITS_OFF_BUT_OF_NUMBERS, JWT_ISSUER: 'https://id.example' },
  });
  const each = (_: unknown, at: number) =>
    new JournalClient(system, journal, 'upgrade', nextPhone, chanceOf(`upgrade ${at}`));
  clients = new Clients(Array.from({ length: CLIENTS }, each));
}, patiently(120_000));

afterAll(async () => {
  await clients.stop();
  await system.stop();
  journal.close();
  rmSync(folder, { recursive: true });
  if (OLDER === undefined) rmSync(releases.newer, { recursive: true });
}, patiently(60_000));

/** As a deployment does it: out of service, drained, the other version in its place. */
async function replace(instance: 0 | 1, root: string): Promise<void> {
  system.apis[instance] = system.apis[1 - instance]!;
  await clients.progress(2); // whatever was under way at the one that goes has been answered
  expect(await system.kill(instance, 'SIGTERM')).toBe(0);
  await system.restart(instance, {}, root);
  expect((await system.apis[instance].get('/health/ready')).status).toBe(200);
  await clients.progress(STEPS);
}

/** Somebody who looks at their record without pause. @returns how long the slowest look took, in ms, while `work` ran */
async function slowestLook(work: () => Promise<unknown>): Promise<number> {
  const { accessToken: token } = await new Person(system, nextPhone()).joined();
  let slowest = 0;
  let isOver = false;
  const looking = (async () => {
    for (let turn = 0; !isOver; turn += 1) {
      const began = performance.now();
      const { status, body } = await system.apis[turn % 2]!.get('/v1/auth/sessions', { token });
      expect({ status, code: body['code'] }).toEqual({ status: 200, code: undefined });
      slowest = Math.max(slowest, performance.now() - began);
    }
  })();
  await work().finally(() => (isOver = true));
  await looking;
  return Math.round(slowest);
}

it(
  'F27: the schema is migrated under load: no request fails, and none waits for a second',
  async () => {
    await clients.progress(STEPS);
    const slowest = await slowestLook(async () => {
      expect(await migrateWith(releases.newer, system.databaseUrl)).toContain('migrated ');
    });
    process.stdout.write(`slowest request during the migration: ${slowest} ms\n`);
    await clients.progress(STEPS);
    for (const api of system.apis) expect((await api.get('/health/ready')).status).toBe(200);
  },
  TIMEOUT_MS,
);

it(
  'F27, F28: the versions work side by side, then the new one alone, then side by side on the way back: nobody sees an error, and nothing is lost, unasked or double',
  async () => {
    await replace(0, releases.newer);
    await replace(1, releases.newer);
    await replace(0, releases.older);
    const { acknowledged, unexpected } = await clients.stop();
    process.stdout.write(`answers with success: ${acknowledged}, refusals: ${JSON.stringify(clients.refusals)}\n`);
    expect({ refusals: clients.refusals, unexpected }).toEqual({ refusals: {}, unexpected: [] });
    await settled(system.database);
    const violations = await compared(journal.read(), system, system.database);
    expect(violations).toEqual({ lost: [], phantom: [], double: [] });
    expect(await brokenRules(system.database)).toEqual({});
  },
  TIMEOUT_MS,
);

it.each([
  ['older', 'newer', 0, 1],
  ['newer', 'older', 1, 0],
] as const)(
  'F27: what the %s version has queued the %s one sends',
  async (_, __, from, to) => {
    const person = new Person(system, nextPhone(), undefined, system.apis[from]);
    // Kept from every worker until the instance that wrote it is gone, and from being sent by that one.
    await system.database.query(
      `CREATE OR REPLACE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN NEW.run_at := NEW.run_at + interval '1 hour'; RETURN NEW; END $$;
       CREATE TRIGGER later BEFORE INSERT ON graphile_worker._private_jobs FOR EACH ROW EXECUTE FUNCTION later()`,
    );
    const client = await system.database.connect();
    await client.query('BEGIN; LOCK TABLE sms_deliveries IN ACCESS EXCLUSIVE MODE');
    const { body } = await person.register();
    await system.kill(from, 'SIGKILL');
    await client.query('ROLLBACK');
    client.release();
    await system.database.query(
      `DROP TRIGGER later ON graphile_worker._private_jobs;
       UPDATE graphile_worker._private_jobs SET run_at = now() WHERE key LIKE 'sms:%'`,
    );
    const code = await system.phone.codeFor(person.phone);
    const other = new Person(system, person.phone, undefined, system.apis[to]);
    expect((await other.verify(body.challengeToken, code)).status).toBe(200);
    await system.restart(from, {}, from === 0 ? releases.older : releases.newer);
  },
  patiently(60_000),
);
