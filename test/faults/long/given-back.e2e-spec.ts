// N7, N10, F13: an instance ends while messages wait for a place at a slow vendor, which has certainly not had them. Whoever has them next
// hands them over as if nobody had tried: nothing is charged for it, and a service is asked for the code that it was not asked for.
import { LIMITS_OFF } from '../../races/burst';
import { handOversTo } from '../../support/deliveries';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';
import { allRun, longSilent, queueAgain } from '../../support/queue';
import { called, clearFault, requestsTo, setFault } from '../../support/simulator-control';

/** The vendor is called twenty times at a time. */
const [SENDS, PLACES] = [35, 20];
const SLOW_MS = 4500;

const SENDER = 'telnyx';
/** Begins another verification at each start. */
const SERVICE = 'infobip-2fa';

describe.each([SENDER, SERVICE])('messages that wait for a place at %s', (provider) => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ provider, env: { ...LIMITS_OFF, LIMIT_SMS_GLOBAL: '1000/1h' } });
  });

  afterAll(() => system.stop());

  async function spent(): Promise<number> {
    const { rows } = await system.database.query<{ n: number }>(
      `SELECT coalesce(sum(n), 0)::int AS n FROM spend_windows WHERE scope LIKE '%/3600' AND scope NOT LIKE '%:%'`,
    );
    return rows[0]?.n ?? 0;
  }

  const calls = async () => (await requestsTo(system, provider, 'POST')).length;

  /** @returns once as many are called as may be, and the rest wait */
  async function waiting(): Promise<Person[]> {
    await setFault(system, provider, { kind: 'delay', ms: SLOW_MS });
    const before = await calls();
    const people = Array.from({ length: SENDS }, () => new Person(system, nextPhone()));
    for (const person of people) expect((await person.register()).status).toBe(202);
    await called(system, provider, before + PLACES);
    return people;
  }

  async function countsOf(people: readonly Person[]): Promise<number[]> {
    const received = await Promise.all(people.map(({ phone }) => system.phone.messages(phone)));
    return received.map((messages) => messages.length).sort();
  }

  it('F23: are sent by whoever comes after a stop, once each, and charged once', async () => {
    const before = await spent();
    const people = await waiting();
    expect(await system.end(0)).toBe(0);
    await clearFault(system, provider);
    await system.restart(0);
    await allRun(system);
    expect([await countsOf(people), (await spent()) - before]).toEqual([people.map(() => 1), SENDS]);
  });

  it('F09: are sent after a kill -9 too, and only what was called is in doubt', async () => {
    const [before, asked] = [await spent(), await calls()];
    const people = await waiting();
    await system.kill(0, 'SIGKILL');
    await longSilent(system);
    await clearFault(system, provider);
    await system.restart(0);
    await allRun(system);
    const [again, charged] = provider === SENDER ? [2, SENDS + PLACES] : [1, SENDS];
    expect((await calls()) - asked).toBe(charged);
    const arrived = async () => (await countsOf(people)).reduce((sum, count) => sum + count, 0);
    await until(async () => (await arrived()) >= charged, 'the last that the slow vendor had taken');
    const counts = people.map((_, at) => (at < SENDS - PLACES ? 1 : again));
    expect([await countsOf(people), (await spent()) - before]).toEqual([counts, charged]);
    const { rows } = await system.database.query(`SELECT FROM sms_deliveries WHERE status = 'queued'`);
    expect(rows).toEqual([]);
  });
});

describe('a message that nobody needs any more when its turn comes', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ provider: SERVICE, env: LIMITS_OFF });
  });

  afterAll(() => system.stop());

  it('A55: is no failure of its vendor, by which decoys would go', async () => {
    await setFault(system, SERVICE, { kind: 'delay', ms: SLOW_MS });
    for (let at = 0; at <= PLACES; at += 1) await new Person(system, nextPhone()).register();
    const waits = `FROM sms_deliveries WHERE failure_kind = 'not_called'`;
    await until(async () => (await system.database.query(`SELECT ${waits}`)).rowCount === 1, 'the one that waits');
    await system.database.query(`UPDATE otp_attempts SET revoked_at = now() WHERE id = (SELECT reference_id ${waits})`);
    await allRun(system);
    const { rows } = await system.database.query(`SELECT failure_kind FROM sms_deliveries WHERE status = 'failed'`);
    expect(rows).toEqual([{ failure_kind: 'expired' }]);
    expect(await requestsTo(system, SERVICE, 'POST')).toHaveLength(PLACES);
  });
});

describe.each([[[]], [['twilio']]])('a message that waited at telnyx when its instance ended (also: %j)', (others) => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ provider: [SENDER, ...others].join(','), env: LIMITS_OFF });
  });

  afterAll(() => system.stop());

  it('F13: is sent where it has to wait once more, whoever else refuses it meanwhile', async () => {
    const person = new Person(system, nextPhone());
    await person.challenged('register');
    await allRun(system);
    await system.database.query(
      `UPDATE sms_deliveries SET status = 'queued', failure_kind = 'not_called', provider_id = NULL, sent_at = NULL`,
    );
    const before = (await requestsTo(system, SENDER, 'POST')).length;
    await setFault(system, SENDER, { kind: 'delay', ms: SLOW_MS });
    for (const other of others) await setFault(system, other, { kind: 'status', status: 429 });
    for (let at = 0; at < PLACES; at += 1) await new Person(system, nextPhone()).register();
    await called(system, SENDER, before + PLACES);
    await queueAgain(system, person.phone);
    await allRun(system);
    const refused = others.map((provider) => ({ provider, status: 'failed', kind: 'throttled' }));
    const sent = { provider: SENDER, status: 'sent', kind: null };
    expect(await handOversTo(system, person.phone)).toEqual([sent, ...refused]);
    expect(await system.phone.messages(person.phone)).toHaveLength(2);
  });
});

describe('a message that one vendor has refused and that waits at the next, when its instance dies', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    const env = { ...LIMITS_OFF, SMS_COUNTRIES: 'US,GB', SMS_ROUTES: `GB=twilio,${SENDER};*=${SENDER}` };
    system = await startSystem({ provider: `twilio,${SENDER}`, env });
  });

  afterAll(() => system.stop());

  it('F09: is not handed once more to the one that has refused it', async () => {
    await setFault(system, SENDER, { kind: 'delay', ms: SLOW_MS });
    await setFault(system, 'twilio', { kind: 'status', status: 429 });
    for (let at = 0; at < PLACES; at += 1) await new Person(system, nextPhone()).register();
    await called(system, SENDER, PLACES);
    const person = new Person(system, '+447400124999');
    await person.register();
    const refused = { provider: 'twilio', status: 'failed', kind: 'throttled' };
    await until(async () => (await handOversTo(system, person.phone))[0]?.status === 'failed', 'the refusal');
    expect(await handOversTo(system, person.phone)).toEqual([
      refused,
      { provider: SENDER, status: 'queued', kind: 'not_called' },
    ]);
    await system.kill(0, 'SIGKILL');
    await longSilent(system);
    for (const provider of ['twilio', SENDER]) await clearFault(system, provider);
    await system.restart(0);
    await allRun(system);
    expect(await handOversTo(system, person.phone)).toEqual([
      refused,
      { provider: SENDER, status: 'sent', kind: null },
    ]);
    expect(await requestsTo(system, 'twilio', 'POST')).toHaveLength(1);
  });
});
