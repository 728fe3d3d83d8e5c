// F26, N2, N8, N10, N11: instances die by kill -9 at a random moment of a sign-in from a trusted device, of the move that ends a rebind and
// of a mail. Afterwards it has happened wholly or not at all, or happens once they are back. ACCOUNT_KILLS sets how many of each.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../support/api-client';
import { cameTo, devicesOf, loginFrom, withDevice } from '../../support/devices';
import { addresses, askEmail, confirmEmail } from '../../support/emails';
import { startSystem, type System } from '../../support/instance';
import { limitsOff } from '../../support/limits';
import { Operator } from '../../support/operator';
import { patiently } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';
import { beginRebind, endWaits, prove, stateOf, WAIT_SECONDS } from '../../support/rebinds';

const KILLS = Number(process.env['ACCOUNT_KILLS'] ?? 1);
/** Longer than each takes, so that kills fall before, within and after. */
const LONGEST_MS = 120;
const nextPhone = phoneNumbers();
const nextAddress = addresses();
let system: System;

beforeAll(async () => {
  const env = limitsOff(
    'LIMIT_UNAUTHENTICATED',
    'LIMIT_SMS_DESTINATION',
    'LIMIT_REGISTER_ADDRESS',
    'LIMIT_PASSWORD_ADDRESS',
  );
  system = await startSystem({ instances: 2, mail: true, env: { ...env, JWT_ISSUER: 'https://id.example' } });
}, patiently(120_000));
afterAll(() => system.stop());

const dying = () => system.apis[0]!;
const staying = (): ApiClient => system.apis[1]!;

async function killAll(): Promise<void> {
  await Promise.all([system.kill(0, 'SIGKILL'), system.kill(1, 'SIGKILL')]);
  await Promise.all([system.restart(0), system.restart(1)]);
}

async function count(from: string, values: readonly unknown[]): Promise<number> {
  const { rows } = await system.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${from}`, [...values]);
  return rows[0]?.n ?? -1;
}

it(`N2, N11: a sign-in from a trusted device, killed at ${KILLS} moments: the device goes on with what it has, each session is on record`, async () => {
  for (let round = 0; round < KILLS; round += 1) {
    const person = new Person(system, nextPhone(), undefined, staying());
    const { tokens, device: first } = await withDevice(person);
    const { id } = tokens.user as { id: string };
    const there = new Person(system, person.phone, undefined, dying());
    const begun = performance.now();
    const { trustedDeviceToken: device = '' } = (await loginFrom(there, first)).body;
    const longest = 1.5 * (performance.now() - begun); // of one that lives: kills fall before, within and after
    const answer = loginFrom(there, device).catch(() => undefined);
    await sleep(Math.random() * longest);
    await system.kill(0, 'SIGKILL');
    const came = await answer;
    // Within the grace, so whether the answer got lost or nothing has happened, the old token is good once more.
    const again = await loginFrom(person, device);
    expect([came === undefined ? 'tokens' : cameTo(came), cameTo(again)]).toEqual(['tokens', 'tokens']);
    if (came !== undefined) expect(again.body.trustedDeviceToken).toBe(came.body.trustedDeviceToken);
    expect(await devicesOf(staying(), again.body.accessToken)).toHaveLength(1);
    const made = await count('sessions WHERE user_id = $1', [id]);
    expect(made).toBeGreaterThanOrEqual(came === undefined ? 3 : 4);
    const recorded = await count(`audit_log WHERE user_id = $1 AND event = 'session_created'`, [id]);
    expect(recorded).toBe(made);
    await system.restart(0);
  }
}, 3_600_000);

it(`N8, N11: a move after a lost phone, killed at ${KILLS} moments, is made once: one number, one record, both are told`, async () => {
  const operator = new Operator(system);
  for (let round = 0; round < KILLS; round += 1) {
    const person = new Person(system, nextPhone(), undefined, staying());
    const { id } = (await person.joined()).user as { id: string };
    const phone = nextPhone();
    const { status } = await prove(staying(), await beginRebind(operator, id, phone));
    expect(status).toBe(200);
    system.clock.advance(WAIT_SECONDS + 1);
    await system.database.query(`SELECT graphile_worker.add_job('phone_rebinds', job_key => 'killed_rebinds')`);
    await sleep(Math.random() * LONGEST_MS);
    await killAll();
    const half = await system.database.query<{ phone: string; moved: boolean }>(
      `SELECT u.phone, EXISTS (SELECT FROM audit_log a WHERE a.user_id = u.id AND a.event = 'phone_rebind_completed') AS moved
         FROM users u WHERE u.id = $1`,
      [id],
    );
    const moved = half.rows[0]?.moved === true;
    expect(half.rows).toEqual([{ phone: moved ? phone : person.phone, moved }]);
    await endWaits(system);
    expect(await stateOf(new Operator(system), id)).toBe('moved');
    expect(await count('users WHERE phone = ANY ($1)', [[phone, person.phone]])).toBe(1);
    expect(await count(`audit_log WHERE user_id = $1 AND event = 'phone_rebind_completed'`, [id])).toBe(1);
    const told = await count(`notices WHERE (phone, name) IN (($1, 'phone_changed'), ($2, 'phone_added'))`, [
      person.phone,
      phone,
    ]);
    expect(told).toBe(2);
  }
}, 3_600_000);

it(`N10: a mail that was asked for, killed at ${KILLS} moments, comes, always with the same code`, async () => {
  for (let round = 0; round < KILLS; round += 1) {
    const person = new Person(system, nextPhone(), undefined, staying());
    const tokens = await person.joined();
    const address = nextAddress();
    const { status, body } = await askEmail(dying(), tokens, address);
    expect(status).toBe(202);
    await sleep(Math.random() * LONGEST_MS);
    await killAll();
    const code = await system.mailbox.codeFor(address);
    const codes = new Set((await system.mailbox.mails(address)).map((mail) => mail.code));
    expect([...codes]).toEqual([code]);
    expect((await confirmEmail(staying(), tokens, body.challengeToken, code)).status).toBe(200);
    expect(await count(`audit_log WHERE user_id = $1 AND event = 'email_change_completed'`, [tokens.user['id']])).toBe(
      1,
    );
  }
}, 3_600_000);
