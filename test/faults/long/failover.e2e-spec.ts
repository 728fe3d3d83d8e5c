// Two vendors that carry our code, one of them in trouble: every honest login gets its code from the other, with the same code
// wherever it travels, within 6 s, or 12 s where the first vendor may have sent (F01, F02, F04, F06, F07, F13, A55). Waits are the
// product's own (the 10 s of doubt) and are shared by all cases that need them.
import { breakerAlarms, timesTold } from '../../support/breakers';
import { handOversTo } from '../../support/deliveries';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';
import { clearFault, requestsTo, setFault } from '../../support/simulator-control';

const FIRST = 'telnyx';
const SECOND = 'twilio';
/** Half a minute in which the breaker forgets, and more than the 15 s until it lets a probe through. */
const BREAKER_SECONDS = 31;

/** Milliseconds of a machine that does other things as well. */
const AT_ONCE = 6_000;
const AFTER_DOUBT = 12_000;

describe('a second vendor behind the first', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ provider: `${FIRST},${SECOND}` });
  });

  afterAll(() => system.stop());

  beforeEach(async () => {
    await Promise.all([FIRST, SECOND].map((provider) => clearFault(system, provider)));
    system.clock.advance(BREAKER_SECONDS);
    await new Person(system, nextPhone()).joined(); // a probe, should the breaker of the last case be open
  });

  const callsAbout = async (provider: string, phone: string) =>
    (await requestsTo(system, provider)).filter(({ body }) => body.includes(phone)).length;

  /** Logs in, and gets the code within so many milliseconds of the request. */
  async function getsIn(person: Person, milliseconds: number) {
    const after = await system.phone.newest(person.phone);
    const began = performance.now();
    const { status, body } = await person.login();
    expect(status).toBe(200);
    expect(performance.now() - began).toBeLessThan(1000); // the request never waits for a vendor
    const token = body.challengeToken;
    const code = await system.phone.codeFor(person.phone, { after });
    expect(performance.now() - began).toBeLessThan(milliseconds);
    const done = await person.statusWhen(token, ({ delivery }) => delivery !== 'queued');
    expect(done).toMatchObject({ delivery: 'sent', codeLength: 6, codesVoidBefore: null });
    expect((await person.verify(token, code)).status).toBe(200);
    const seen = new Set((await system.phone.messages(person.phone)).map((message) => message.code ?? ''));
    return { phone: person.phone, code, seen };
  }

  /** Registers, and measures until the message is no longer on its way. */
  async function queuedFor(person: Person): Promise<{ ends: Promise<number> }> {
    const { body } = await person.register();
    const began = performance.now();
    const sent = person.statusWhen(body.challengeToken, ({ delivery }) => delivery === 'sent');
    return { ends: sent.then(() => performance.now() - began) };
  }

  const joined = async () => {
    const person = new Person(system, nextPhone());
    await person.joined();
    system.clock.advance(1);
    return person;
  };

  it.each([
    ['is overloaded (503)', 503, 'unavailable'],
    ['throttles (429)', 429, 'throttled'],
    ['refuses our key (401)', 401, 'bad_credentials'],
    ['has no credit left (402)', 402, 'out_of_credit'],
    ['does not know us (404)', 404, 'misconfigured'],
  ])(
    'F02: while the first %s, the second carries the code at once, and the first is not tried twice',
    async (_, status, kind) => {
      const person = await joined();
      const before = await callsAbout(FIRST, person.phone);
      const recorded = (await handOversTo(system, person.phone)).length;
      await setFault(system, FIRST, { kind: 'status', status });
      await getsIn(person, AT_ONCE);
      expect(await callsAbout(FIRST, person.phone)).toBe(before + 1);
      expect((await handOversTo(system, person.phone)).slice(recorded)).toEqual([
        { provider: FIRST, status: 'failed', kind },
        { provider: SECOND, status: 'sent', kind: null },
      ]);
      expect((await system.phone.messages(person.phone))[0]?.provider).toBe(SECOND);
    },
  );

  it.each([
    [401, 'bad_credentials'],
    [402, 'out_of_credit'],
  ])(
    'F02: a %d opens the breaker at once and is told once; after 15 s one call probes, and a repaired vendor is used again',
    async (status, kind) => {
      const [told0, alarms0] = [await timesTold(system), breakerAlarms(system).length];
      await setFault(system, FIRST, { kind: 'status', status });
      const calls = (await requestsTo(system, FIRST)).length;
      for (let login = 0; login < 4; login++) await new Person(system, nextPhone()).joined();
      expect((await requestsTo(system, FIRST)).length).toBe(calls + 1);
      for (const probe of [2, 3]) {
        system.clock.advance(15);
        for (let login = 0; login < 2; login++) await new Person(system, nextPhone()).joined();
        expect((await requestsTo(system, FIRST)).length).toBe(calls + probe);
      }
      expect([await timesTold(system), breakerAlarms(system).length]).toEqual([told0 + 1, alarms0 + 1]);
      expect(JSON.parse(breakerAlarms(system).at(-1) ?? '')).toMatchObject({ provider: FIRST, kind, level: 'error' });

      await clearFault(system, FIRST);
      system.clock.advance(15);
      const person = await joined();
      expect((await system.phone.messages(person.phone))[0]?.provider).toBe(FIRST);
    },
  );

  it('F07: five faults open the breaker, then nobody waits for the vendor', async () => {
    const told0 = await timesTold(system);
    await setFault(system, FIRST, { kind: 'status', status: 503 });
    const calls = (await requestsTo(system, FIRST)).length;
    for (let login = 0; login < 8; login++) await new Person(system, nextPhone()).joined();
    expect((await requestsTo(system, FIRST)).length).toBe(calls + 5);
    expect(await timesTold(system)).toBe(told0 + 1);
  });

  it('F13, F01, F04: what may have been sent is followed after 10 s, with the same code, unless it was entered', async () => {
    const people = await Promise.all([1, 2, 3, 4].map(joined));
    const [hung, lost, entered, owner] = people as [Person, Person, Person, Person];
    const free = new Person(system, nextPhone());
    const calls0 = await callsAbout(FIRST, hung.phone);
    await setFault(system, FIRST, { kind: 'hang', count: 1 });
    const waits = [getsIn(hung, AFTER_DOUBT)];
    await until(async () => (await callsAbout(FIRST, hung.phone)) > calls0, 'the call', 30_000, 1);
    // No transaction, hence no connection, is held while the vendor is silent.
    const held = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`;
    expect((await system.database.query(held)).rows).toEqual([]);
    await setFault(system, FIRST, { kind: 'lost_answer', count: 1 });

    // The vendor sent it and could not say so. Its reader enters it, and gets no second message.
    const newest = await system.phone.newest(entered.phone);
    const { challengeToken } = (await entered.login()).body;
    const early = await system.phone.codeFor(entered.phone, { after: newest });
    expect((await entered.status(challengeToken)).delivery).toBe('queued');
    expect((await entered.verify(challengeToken, early)).status).toBe(200);
    const messages = (await system.phone.messages(entered.phone)).length;

    await setFault(system, FIRST, { kind: 'lost_answer', count: 1 });
    const before = await system.phone.newest(lost.phone);
    const { challengeToken: token } = (await lost.login()).body;
    const first = await system.phone.messageFor(lost.phone, { after: before });
    await setFault(system, FIRST, { kind: 'garbage', count: 1 });
    const queued = [await queuedFor(free), await queuedFor(new Person(system, owner.phone, 'another-password-77'))];

    const second = await system.phone.messageFor(lost.phone, { after: first.id });
    expect([second.provider, second.code]).toEqual([SECOND, first.code]);
    const gap = Date.parse(second.at) - Date.parse(first.at);
    expect(gap).toBeGreaterThanOrEqual(9_900);
    expect(gap).toBeLessThan(AFTER_DOUBT);
    expect((await lost.verify(token, first.code)).status).toBe(200);

    // A55: a free number, and a taken one that was asked for just after it.
    for (const milliseconds of await Promise.all(queued.map(({ ends }) => ends))) {
      expect(milliseconds).toBeGreaterThan(8_000);
      expect(milliseconds).toBeLessThan(AFTER_DOUBT + 3_000);
    }
    for (const { seen } of await Promise.all(waits)) expect(seen.size).toBe(2); // of joining, and of this login
    expect(await callsAbout(FIRST, hung.phone)).toBe(calls0 + 1);
    expect((await handOversTo(system, hung.phone)).slice(-2)).toEqual([
      { provider: FIRST, status: 'failed', kind: 'unavailable' },
      { provider: SECOND, status: 'sent', kind: null },
    ]);
    const done = await entered.statusWhen(challengeToken, ({ delivery }) => delivery !== 'queued');
    expect(done.delivery).toBe('sent');
    expect((await system.phone.messages(entered.phone)).length).toBe(messages);
  });

  it('F07: while every vendor is down, status says failed, the next send is refused with the time to wait, and recovery needs no restart', async () => {
    const owner = await joined();
    await setFault(system, FIRST, { kind: 'status', status: 401 });
    await setFault(system, SECOND, { kind: 'status', status: 401 });
    const stranger = new Person(system, nextPhone());
    const { challengeToken } = (await stranger.register()).body;
    const failed = await stranger.statusWhen(challengeToken, ({ delivery }) => delivery !== 'queued');
    expect(failed).toMatchObject({ state: 'pending', delivery: 'failed', attemptsLeft: 5 });
    expect(failed.next).toContain('resend_sms');

    const calls = () =>
      Promise.all([FIRST, SECOND].map(async (provider) => (await requestsTo(system, provider)).length));
    const before = await calls();
    const taken = new Person(system, owner.phone, 'another-password-77');
    for (const send of [
      () => owner.login(),
      () => stranger.resend(challengeToken),
      () => new Person(system, nextPhone()).register(),
      () => taken.register(), // a decoy, and no different
    ]) {
      const { status, body, headers } = await send();
      expect([status, body.code]).toEqual([503, 'provider_unavailable']);
      const wait = Number(headers.get('retry-after'));
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(15);
    }
    expect((await owner.login({ password: 'wrong-password-11' })).body.code).toBe('credentials_invalid');
    expect(await calls()).toEqual(before);

    await clearFault(system, SECOND);
    system.clock.advance(15);
    const { status } = await stranger.resend(challengeToken);
    expect(status).toBe(202);
    const code = await stranger.codeOf(challengeToken);
    expect((await stranger.verify(challengeToken, code)).status).toBe(200);
    expect((await owner.login()).status).toBe(200);
  });

  it('F07: through a flapping vendor everyone gets one code, once', async () => {
    const people = Array.from({ length: 24 }, () => new Person(system, nextPhone()));
    for (let next = 0; next < people.length; next += 4) {
      if (next % 8 === 0) await setFault(system, FIRST, { kind: 'status', status: 503 });
      else await clearFault(system, FIRST);
      await Promise.all(people.slice(next, next + 4).map((person) => person.joined()));
      system.clock.advance(10);
    }
    const inboxes = await Promise.all(people.map(({ phone }) => system.phone.messages(phone)));
    expect(inboxes.map((inbox) => inbox.length)).toEqual(people.map(() => 1));
    expect(new Set(inboxes.map(([message]) => message?.provider))).toEqual(new Set([FIRST, SECOND]));
  });

  it('A55: while the first vendor is down, a decoy’s status runs as that of a free number', async () => {
    const owner = await joined();
    await setFault(system, FIRST, { kind: 'status', status: 503 });
    const ends: unknown[] = [];
    for (const phone of [nextPhone(), owner.phone, nextPhone(), owner.phone]) {
      system.clock.advance(BREAKER_SECONDS);
      const person = new Person(system, phone, 'another-password-77');
      const { status, body } = await person.register();
      const { delivery, next, codeLength, codesVoidBefore } = await person.statusWhen(
        body.challengeToken,
        (seen) => seen.delivery !== 'queued',
      );
      ends.push([status, delivery, next, codeLength, codesVoidBefore, Object.keys(body)]);
    }
    expect(ends.slice(1)).toEqual(ends.slice(0, -1));
  });
});
