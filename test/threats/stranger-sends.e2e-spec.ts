// What a stranger who registers somebody's number can learn of it and do to its owner: nothing (A55, A65).
import { askStepUp, withCode } from '../support/credentials';
import { startSystem, type System } from '../support/instance';
import { Person, phoneNumbers, type StatusBody } from '../support/person';

const DAY_SECONDS = 86_400;
const nextPhone = phoneNumbers();

describe('registering the number of somebody else', () => {
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ env: { LIMIT_SMS_DESTINATION: '4/10m,8/1h,12/1d' } });
  });

  afterAll(() => system.stop());

  const fault = (body: object): Promise<Response> =>
    fetch(`${system.simulator}/faults/telnyx`, { method: 'PUT', body: JSON.stringify(body) });

  async function owner(): Promise<Person> {
    const person = new Person(system, nextPhone());
    await person.joined();
    system.clock.advance(DAY_SECONDS);
    return person;
  }

  /** The settled status of a fresh registration, and how long the delivery took to settle by our own record. */
  async function fateOf(person: Person): Promise<{ status: StatusBody; milliseconds: number }> {
    const { body } = await person.register();
    const began = performance.now();
    const status = await person.statusWhen(body.challengeToken, ({ delivery }) => delivery !== 'queued');
    return { status, milliseconds: performance.now() - began };
  }

  const shown = ({ state, delivery, next, resendAfter, attemptsLeft }: StatusBody): object => ({
    state,
    delivery,
    next,
    resendAfter,
    attemptsLeft,
  });

  it('A55: with the vendor failing, the status of a taken number fails as that of a free one', async () => {
    const taken = await owner();
    await taken.register(); // today's notice
    system.clock.advance(60);
    await fault({ kind: 'status', status: 400 });
    const free = await fateOf(new Person(system, nextPhone()));
    const decoy = await fateOf(taken);
    await fetch(`${system.simulator}/faults/telnyx`, { method: 'DELETE' });
    expect(free.status.delivery).toBe('failed');
    expect(shown(decoy.status)).toEqual(shown(free.status));
  });

  it('A55: with the vendor slow, the status of a taken number takes its time as that of a free one', async () => {
    const taken = await owner();
    await taken.register();
    system.clock.advance(60);
    await fault({ kind: 'delay', ms: 1000 });
    for (let n = 0; n < 3; n += 1) await fateOf(new Person(system, nextPhone()));
    // Only slow hand-overs are remembered, so that the draw among the latest has one outcome.
    await system.database.query(`DELETE FROM sms_deliveries WHERE updated_at - created_at < interval '900 ms'`);
    const decoy = await fateOf(taken);
    await fetch(`${system.simulator}/faults/telnyx`, { method: 'DELETE' });
    expect(decoy.status.delivery).toBe('sent');
    expect(decoy.milliseconds).toBeGreaterThan(900);
  });

  it('A65: registrations that use up the sends of a number leave its owner three logins an hour', async () => {
    const person = await owner();
    const statuses: number[] = [];
    for (let n = 0; n < 14; n += 1) statuses.push((await person.register()).status);
    expect(statuses.filter((status) => status === 202)).toHaveLength(4);
    const after = await system.phone.newest(person.phone);
    for (let n = 0; n < 3; n += 1) {
      const { status, body } = await person.login();
      expect(status).toBe(200);
      expect(await system.phone.codeFor(person.phone, { after })).toMatch(/^\d{6}$/);
      expect(body.resendAfter).toBeGreaterThan(0);
      system.clock.advance(31);
    }
    const refused = await person.login();
    expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60);
  });

  it('A65: the reserve is for a login, not for more messages of one that has had its own', async () => {
    const person = await owner();
    const { token } = await person.challenged('login');
    for (let n = 0; n < 3; n += 1) expect((await person.register()).status).toBe(202);
    system.clock.advance(31);
    const resent = await person.resend(token);
    expect([resent.status, resent.body.code]).toEqual([429, 'rate_limited']);
    expect((await person.login()).status).toBe(200);
  });

  it('A65: registrations that use up the sends of a number leave its owner the step-up, out of the same reserve', async () => {
    const person = await owner();
    const { accessToken } = await person.again();
    system.clock.advance(31);
    for (let n = 0; n < 5; n += 1) await person.register();
    for (let n = 0; n < 3; n += 1) {
      const { token, code } = await withCode(person, () => askStepUp(person.api, accessToken, person.password));
      if (n === 2) expect((await person.verify(token, code)).status).toBe(200);
      system.clock.advance(31);
    }
  });

  it('A65: the reserve has room again for an owner who enters the codes', async () => {
    const person = await owner();
    for (let n = 0; n < 4; n += 1) await person.register();
    for (let n = 0; n < 4; n += 1) {
      await person.again();
      system.clock.advance(31);
    }
  });

  it('A65: the reserve still knows one send in 30 s', async () => {
    const person = await owner();
    for (let n = 0; n < 4; n += 1) await person.register();
    expect((await person.login()).status).toBe(200);
    expect((await person.login()).status).toBe(429);
  });
});
