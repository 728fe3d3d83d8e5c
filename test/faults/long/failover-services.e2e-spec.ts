// Verification services among the vendors: one verifier per challenge, whoever it is after a failover; what the earlier one would
// accept is void, and status says so (design section 2, F13).
import { repair } from '../../support/breakers';
import { startSystem, type System } from '../../support/instance';
import { Person, phoneNumbers } from '../../support/person';
import { requestsTo, setFault } from '../../support/simulator-control';

const DOWN = { kind: 'status', status: 503 };

describe('two verification services, the first in trouble', () => {
  const [FIRST, SECOND] = ['sinch-verification', 'infobip-2fa'];
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    const env = { SINCH_CODE_LENGTH: '4', INFOBIP_CODE_LENGTH: '6' };
    system = await startSystem({ provider: `${FIRST},${SECOND}`, env });
  });

  afterAll(() => system.stop());
  beforeEach(() => repair(system, [FIRST, SECOND]));

  it('F07: the second makes and checks the code, for a login and for a registration', async () => {
    await setFault(system, FIRST, DOWN);
    const person = new Person(system, nextPhone());
    for (const route of ['register', 'login'] as const) {
      const { token, code } = await person.challenged(route);
      expect((await system.phone.messages(person.phone))[0]?.provider).toBe(SECOND);
      expect((await person.status(token)).codesVoidBefore).toBeNull(); // no other code was out
      expect((await person.verify(token, code)).status).toBe(200);
    }
    expect(await requestsTo(system, FIRST, 'PUT')).toEqual([]); // never asked about a code it did not make
  });

  it('a resend over the second voids the code of the first: status says since when, and only the newest is accepted', async () => {
    const person = new Person(system, nextPhone());
    const { token, code: earlier } = await person.challenged('register');
    await setFault(system, FIRST, DOWN);
    system.clock.advance(30);
    const after = await system.phone.newest(person.phone);
    expect((await person.resend(token)).status).toBe(202);
    const code = await person.codeOf(token, after);
    const status = await person.status(token);
    expect(status.codesVoidBefore).toEqual(expect.any(String));
    expect(Date.parse(status.codesVoidBefore ?? '')).toBeLessThanOrEqual(Date.parse(status.deliveryUpdatedAt ?? ''));
    expect((await person.verify(token, earlier)).body.code).toBe('code_invalid');
    expect((await person.verify(token, code)).status).toBe(200);
  });

  it('F13: after a hang of a service none follows, since its code may be on the phone: status failed, and a resend at once', async () => {
    await setFault(system, FIRST, { kind: 'reset', count: 1 });
    const person = new Person(system, nextPhone());
    const { challengeToken: token } = (await person.register()).body;
    const failed = await person.statusWhen(token, ({ delivery }) => delivery !== 'queued');
    expect(failed).toMatchObject({ delivery: 'failed', next: ['resend_sms', 'resend_voice'] });
    expect(await system.phone.messages(person.phone)).toEqual([]);
    expect((await person.resend(token)).status).toBe(202);
    expect((await person.verify(token, await person.codeOf(token))).status).toBe(200);
  });

  it.each([
    ['the first', [FIRST], 2],
    ['both', [FIRST, SECOND], 1],
  ])('A55: with %s down a decoy goes along', async (_, down, strangers) => {
    const owner = new Person(system, nextPhone());
    await owner.joined();
    for (const provider of down) await setFault(system, provider, DOWN);
    const seen: unknown[][] = [];
    for (const phone of [...Array.from({ length: strangers }, nextPhone), owner.phone]) {
      system.clock.advance(31); // the breakers forget
      const person = new Person(system, phone, 'another-password-77');
      const { challengeToken: token } = (await person.register()).body;
      const status = await person.statusWhen(token, ({ delivery }) => delivery !== 'queued');
      const { delivery, codesVoidBefore, codeLength } = status;
      const wrong = await person.verify(token, '4821');
      const { next, attemptsLeft, state, delivery: then } = await person.status(token);
      seen.push([
        delivery,
        codesVoidBefore,
        codeLength,
        wrong.status,
        wrong.body.code,
        next,
        attemptsLeft,
        state,
        then,
      ]);
    }
    expect(seen.slice(1)).toEqual(seen.slice(0, -1));
  });
});
