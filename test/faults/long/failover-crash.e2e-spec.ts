// kill -9 between two vendors: the run that follows goes on where the record ends. What a vendor has refused is not asked again, what
// may be with a vendor is repeated there with the same code, and what was sent stays sent (design D6, F13).
import { setTimeout as sleep } from 'node:timers/promises';
import { handOversTo } from '../../support/deliveries';
import { startSystem, type System } from '../../support/instance';
import { Person, phoneNumbers } from '../../support/person';
import { clearFault, requestsTo, setFault } from '../../support/simulator-control';

const [FIRST, SECOND] = ['telnyx', 'twilio'];

describe('an instance killed while a send is on its way from one vendor to the next', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ provider: `${FIRST},${SECOND}` });
  });

  afterAll(() => system.stop());

  const calls = async (provider: string) => (await requestsTo(system, provider)).length;

  async function until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await sleep(10);
  }

  const endsOf = async (phone: string) =>
    (await handOversTo(system, phone)).map(({ provider, status }) => [provider, status]);

  it('hands it to the second only, once, when the first had refused it', async () => {
    await setFault(system, FIRST, { kind: 'status', status: 503 });
    await setFault(system, SECOND, { kind: 'delay', ms: 4000 });
    const person = new Person(system, nextPhone());
    const { challengeToken: token } = (await person.register()).body;
    await until(async () => (await calls(SECOND)) === 1);
    await system.kill(0, 'SIGKILL');
    await clearFault(system, SECOND);
    await system.restart(0);
    const again = new Person(system, person.phone);
    const code = await again.codeOf(token);
    expect([await calls(FIRST), await calls(SECOND)]).toEqual([1, 2]);
    expect(await endsOf(person.phone)).toEqual([
      [FIRST, 'failed'],
      [SECOND, 'sent'],
    ]);
    const codes = (await system.phone.messages(person.phone)).map((message) => message.code);
    expect(new Set(codes)).toEqual(new Set([code]));
    expect((await again.verify(token, code)).status).toBe(200);
  });

  it('a receipt that says failed need only queue the same send again: the next vendor takes it, with the same code', async () => {
    await clearFault(system, FIRST);
    system.clock.advance(31);
    const person = new Person(system, nextPhone());
    const { token, code } = await person.challenged('register');
    const [sent] = await system.phone.messages(person.phone);
    expect(sent?.provider).toBe(FIRST);
    const again = `SELECT graphile_worker.add_job('sms', json_build_object('source', 'code', 'id', id, 'send', 1)) FROM otp_attempts WHERE phone = $1`;
    await system.database.query(again, [person.phone]); // a send on record is not sent twice
    await until(async () => (await system.database.query('SELECT 1 FROM graphile_worker.jobs')).rows.length === 0);
    expect((await system.phone.messages(person.phone)).length).toBe(1);

    await system.database.query(
      `UPDATE sms_deliveries SET status = 'failed', failure_kind = 'undelivered' WHERE provider = $1`,
      [FIRST],
    );
    await system.database.query(again, [person.phone]);
    const second = await system.phone.messageFor(person.phone, { after: sent?.id });
    expect([second.provider, second.code]).toEqual([SECOND, code]);
    expect((await person.verify(token, code)).status).toBe(200);
  });
});
