// N7, F13: what a message costs is paid, and then the run that has paid is cut short before it calls the vendor, as its process stands still. The
// next run pays nothing, and the message goes out. The waits are the product's own.
import { setTimeout as sleep } from 'node:timers/promises';
import { NOTICED_MILLISECONDS, standStillAt } from '../../support/held-statement';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { PASSWORD, Person, phoneNumbers } from '../../support/person';
import { allRun, queueAgain } from '../../support/queue';
import { requestsTo, setFault } from '../../support/simulator-control';

const [FIRST, SECOND] = ['telnyx', 'twilio'];

describe('a message that is paid for, and not handed over since its run was cut short', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ provider: `${FIRST},${SECOND}`, env: { LIMIT_SMS_GLOBAL: '1000/1h' } });
  });
  afterAll(() => system.stop());

  async function spent(): Promise<number> {
    const sql = `SELECT coalesce(sum(n), 0)::int AS n FROM spend_windows WHERE scope = 'login/3600'`;
    return (await system.database.query<{ n: number }>(sql)).rows[0]?.n ?? 0;
  }

  /** @returns how to change the password of somebody, who gets a notice of it, and is their number */
  async function noticed(): Promise<{ phone: string; change: () => Promise<void> }> {
    const person = new Person(system, nextPhone());
    const { accessToken: token } = await person.joined();
    const change = { currentPassword: PASSWORD, newPassword: 'amber-lighthouse-72-meadow' };
    const ask = async () =>
      expect((await system.api.post('/v1/users/me/password', change, { token })).status).toBe(204);
    return { phone: person.phone, change: ask };
  }

  /** A login whose message the first vendor may have, of a run that died. @returns its number */
  async function inDoubt(): Promise<string> {
    const person = new Person(system, nextPhone());
    await person.joined();
    await person.challenged('login');
    await system.database.query(
      `UPDATE sms_deliveries SET status = 'queued', provider_id = NULL, sent_at = NULL
        WHERE reference_id = (SELECT id FROM otp_attempts WHERE phone = $1 ORDER BY created_at DESC LIMIT 1)`,
      [person.phone],
    );
    return person.phone;
  }

  const messages = async (phone: string) => (await system.phone.messages(phone)).length;

  /** @param begin leads to the one hand-over @param cost what it costs, with what has led to it */
  async function standsStill(phone: string, begin: () => Promise<void>, cost: number): Promise<void> {
    const [before, had] = [await spent(), await messages(phone)];
    const goOn = await standStillAt(system, 0, 'sms_deliveries', begin);
    await sleep(NOTICED_MILLISECONDS);
    goOn();
    await allRun(system);
    expect([(await spent()) - before, (await messages(phone)) - had]).toEqual([cost, 1]);
  }

  it('N7: a notice is paid for once and arrives once', async () => {
    const { phone, change } = await noticed();
    await standsStill(phone, change, 1);
  });

  it('N7: a repetition of what its vendor may have is paid for once and sent once', async () => {
    const phone = await inDoubt();
    await standsStill(phone, () => queueAgain(system, phone), 1);
  });

  it('N7: a message by a second vendor, while the first is in doubt, is paid for once and sent once', async () => {
    const person = new Person(system, nextPhone());
    await person.joined();
    const asked = await requestsTo(system, FIRST);
    await setFault(system, FIRST, { kind: 'lost_answer', count: 1 });
    await person.login();
    await until(async () => (await requestsTo(system, FIRST)).length > asked.length, 'the call');
    await standsStill(person.phone, () => Promise.resolve(), 1);
  });
});
