// F13: a vendor may have a message, and the instance dies. When the next one comes the vendor is configured no more. The doubt stays one: our
// code follows by another vendor ten seconds after, charged, and no second code follows one that a service may have sent.
import { handOversTo } from '../../support/deliveries';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';
import { allRun, longSilent } from '../../support/queue';
import { called, clearFault, requestsTo, setFault } from '../../support/simulator-control';

const [SENDER, OTHER] = ['telnyx', 'twilio'];
const SERVICE = 'infobip-2fa';

describe('a message whose vendor is no longer configured', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ env: { LIMIT_SMS_GLOBAL: '1000/1h' } });
  });
  afterAll(() => system.stop());

  async function spent(): Promise<number> {
    const sql = `SELECT coalesce(sum(n), 0)::int AS n FROM spend_windows WHERE scope LIKE '%/3600' AND scope NOT LIKE '%:%'`;
    return (await system.database.query<{ n: number }>(sql)).rows[0]?.n ?? 0;
  }

  /** One vendor is asked, the instance dies meanwhile, and the next one has the other vendor alone. */
  async function fromTo(first: string, next: string): Promise<{ person: Person; token: string }> {
    await system.restart(0, { SMS_PROVIDERS: first });
    await setFault(system, first, { kind: 'delay', ms: 4500 });
    const asked = (await requestsTo(system, first, 'POST')).length;
    const { phone } = new Person(system, nextPhone());
    const token = (await new Person(system, phone).register()).body.challengeToken;
    await called(system, first, asked + 1);
    await system.kill(0, 'SIGKILL');
    await longSilent(system);
    system.clock.advance(10);
    await clearFault(system, first);
    await system.restart(0, { SMS_PROVIDERS: next });
    await allRun(system);
    return { person: new Person(system, phone), token };
  }

  it.each([
    [SENDER, SERVICE],
    [SERVICE, SENDER],
  ])(
    'is told as failed where %s may have it and %s would send another code: the person may ask again',
    async (first, next) => {
      const others = (await requestsTo(system, next, 'POST')).length;
      const before = await spent();
      const { person, token } = await fromTo(first, next);
      expect(await person.status(token)).toMatchObject({ delivery: 'failed', resendAfter: 0 });
      expect((await requestsTo(system, next, 'POST')).length).toBe(others);
      expect(await handOversTo(system, person.phone)).toMatchObject([{ provider: first, status: 'failed' }]);
      expect((await spent()) - before).toBe(1);
    },
  );

  it('goes by another vendor with the same code, ten seconds after the first, and is charged', async () => {
    const before = await spent();
    const { person, token } = await fromTo(SENDER, OTHER);
    expect(await handOversTo(system, person.phone)).toMatchObject([
      { provider: SENDER, status: 'failed' },
      { provider: OTHER, status: 'sent' },
    ]);
    expect((await spent()) - before).toBe(2);
    const hasBoth = async () =>
      new Set((await system.phone.messages(person.phone)).map(({ provider }) => provider)).size === 2;
    await until(hasBoth, 'what the slow vendor had taken');
    const codes = (await system.phone.messages(person.phone)).map(({ code }) => code);
    expect([codes.length, new Set(codes).size]).toEqual([2, 1]);
    expect((await person.verify(token, codes[0] ?? '')).status).toBe(200);
  });
});
