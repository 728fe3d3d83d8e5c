// kill -9 between two vendors: the run that follows goes on where the record ends. What a vendor has refused is not asked again, what
// may be with a vendor is repeated there with the same code, and what was sent stays sent (design D6, F13).
import { handOversTo } from '../../support/deliveries';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';
import { idle, queueAgain } from '../../support/queue';
import { clearFault, requestsTo, setFault } from '../../support/simulator-control';

const [FIRST, SECOND] = ['telnyx', 'twilio'];
/** Knows a message by the id that we give it. */
const KNOWING = 'infobip';

describe('an instance killed while a send is on its way from one vendor to the next', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    const SMS_ROUTES = `GB=${KNOWING},${FIRST},${SECOND};DE=${FIRST};*=${FIRST},${SECOND}`;
    system = await startSystem({
      provider: `${FIRST},${SECOND},${KNOWING}`,
      env: { SMS_ROUTES, LIMIT_SMS_ADDRESS: 'off' },
    });
  });

  afterAll(() => system.stop());

  const calls = async (provider: string) => (await requestsTo(system, provider)).length;

  const endsOf = async (phone: string) =>
    (await handOversTo(system, phone)).map(({ provider, status }) => [provider, status]);

  /** As a process leaves it that dies while the vendor has the message. */
  const cutShort = (phone: string) =>
    system.database.query(
      `UPDATE sms_deliveries d SET status = 'queued', provider_id = NULL, sent_at = NULL FROM otp_attempts c WHERE c.id = d.reference_id AND c.phone = $1`,
      [phone],
    );

  /** @param since the one before it was begun with that one */
  async function secondsTo(provider: string, phone: string, since: string): Promise<number | undefined> {
    const { rows } = await system.database.query<{ seconds: number }>(
      `SELECT extract(epoch FROM max(created_at) FILTER (WHERE provider = $1) - max(created_at) FILTER (WHERE provider = $2))::float8 AS seconds
         FROM sms_deliveries WHERE reference_id = (SELECT id FROM otp_attempts WHERE phone = $3)`,
      [provider, since, phone],
    );
    return rows[0]?.seconds;
  }

  it('hands it to the second only, once, when the first had refused it', async () => {
    await setFault(system, FIRST, { kind: 'status', status: 503 });
    await setFault(system, SECOND, { kind: 'delay', ms: 4000 });
    const person = new Person(system, nextPhone());
    const { challengeToken: token } = (await person.register()).body;
    await until(async () => (await calls(SECOND)) === 1, 'the call');
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
    await queueAgain(system, person.phone); // a send on record is not sent twice
    await idle(system);
    expect((await system.phone.messages(person.phone)).length).toBe(1);

    const failed = (kind: string) =>
      system.database.query(`UPDATE sms_deliveries SET status = 'failed', failure_kind = $2 WHERE provider = $1`, [
        FIRST,
        kind,
      ]);
    await failed('blocked'); // a number that is unwanted is so everywhere
    await queueAgain(system, person.phone);
    await idle(system);
    expect((await system.phone.messages(person.phone)).length).toBe(1);

    await failed('undelivered');
    await queueAgain(system, person.phone);
    const second = await system.phone.messageFor(person.phone, { after: sent?.id });
    expect([second.provider, second.code]).toEqual([SECOND, code]);
    expect((await person.verify(token, code)).status).toBe(200);
  });

  it('F13: is repeated under the same reference, and a vendor that knows it sends nothing twice; no other is asked', async () => {
    const person = new Person(system, '+447911230001');
    const { token, code } = await person.challenged('register');
    await cutShort(person.phone);
    await queueAgain(system, person.phone);
    await person.statusWhen(token, ({ delivery }) => delivery === 'sent');
    expect(await calls(KNOWING)).toBe(2);
    expect((await system.phone.messages(person.phone)).map(({ provider }) => provider)).toEqual([KNOWING]);
    expect(await endsOf(person.phone)).toEqual([[KNOWING, 'sent']]);
    expect((await person.verify(token, code)).status).toBe(200);
  });

  it('N10: is told as failed where one vendor has said since that the number is unwanted, and may be asked for again at once', async () => {
    const person = new Person(system, '+447911230009');
    const { token } = await person.challenged('register');
    const rows = `WITH said AS (
        UPDATE sms_deliveries SET status = 'failed', failure_kind = 'blocked'
         WHERE reference_id = (SELECT id FROM otp_attempts WHERE phone = $1) RETURNING *
      ) INSERT INTO sms_deliveries (id, source, reference_id, send, provider, phone_masked, country, channel, status, created_at, updated_at)
        SELECT gen_random_uuid(), source, reference_id, send, '${FIRST}', phone_masked, country, channel, 'queued', created_at, created_at FROM said`;
    await system.database.query(rows, [person.phone]);
    await queueAgain(system, person.phone);
    await idle(system);
    expect(await person.status(token)).toMatchObject({ delivery: 'failed', resendAfter: 0 });
  });

  it('F13: however many that vendor knows again, it stays open, and none of them goes to another', async () => {
    const people = Array.from({ length: 8 }, (_, n) => new Person(system, `+44791123001${n}`));
    const tokens: string[] = [];
    for (const person of people) tokens.push((await person.challenged('register')).token);
    for (const { phone } of people) await cutShort(phone);
    for (const { phone } of people) await queueAgain(system, phone);
    await idle(system);
    for (const [n, person] of people.entries()) {
      expect((await person.status(tokens[n] ?? '')).delivery).toBe('sent');
      expect(await endsOf(person.phone)).toEqual([[KNOWING, 'sent']]);
    }
  });

  it('F13: the ten seconds of doubt are counted from the first hand-over, whoever is in doubt after it', async () => {
    const before = await calls(KNOWING);
    await setFault(system, KNOWING, { kind: 'reset', ms: 1000 });
    await setFault(system, FIRST, { kind: 'reset' });
    const person = new Person(system, '+447911230002');
    const { challengeToken: token } = (await person.register()).body;
    await until(async () => (await calls(KNOWING)) > before, 'the call');
    system.clock.advance(11);
    await person.statusWhen(token, ({ delivery }) => delivery === 'sent');
    expect(await secondsTo(SECOND, person.phone, FIRST)).toBeLessThan(9);
  });

  it('F13: and so they are where two vendors may have it since the run was cut short', async () => {
    await clearFault(system, KNOWING);
    const person = new Person(system, '+447911230003');
    const { token } = await person.challenged('register');
    await cutShort(person.phone);
    system.clock.advance(11);
    await system.database.query(
      `INSERT INTO sms_deliveries (id, source, reference_id, send, provider, phone_masked, country, channel, status, created_at, updated_at)
       SELECT gen_random_uuid(), source, reference_id, send, '${FIRST}', phone_masked, country, channel, 'queued', $1, $1
         FROM sms_deliveries WHERE reference_id = (SELECT id FROM otp_attempts WHERE phone = $2)`,
      [system.clock.now(), person.phone],
    );
    await queueAgain(system, person.phone);
    await person.statusWhen(token, ({ delivery }) => delivery === 'sent');
    expect(await secondsTo(SECOND, person.phone, FIRST)).toBeLessThan(9);
  });

  it('F02, F13: is tried up to three times at the vendor that may have it, where there is no other', async () => {
    await clearFault(system, FIRST);
    system.clock.advance(31);
    const person = new Person(system, '+4915112345671');
    const { token } = await person.challenged('register');
    await cutShort(person.phone);
    await setFault(system, FIRST, { kind: 'status', status: 429, count: 1 });
    await queueAgain(system, person.phone);
    const { delivery } = await person.statusWhen(token, (status) => status.delivery !== 'queued');
    expect(delivery).toBe('sent');
  });

  it('F11: counts as sent where a vendor may have had it and the code was entered meanwhile', async () => {
    await clearFault(system, FIRST);
    const person = new Person(system, '+4915112345672');
    const { token, code } = await person.challenged('register');
    await cutShort(person.phone);
    expect((await person.verify(token, code)).status).toBe(200);
    await queueAgain(system, person.phone);
    await idle(system);
    expect(await endsOf(person.phone)).toEqual([[FIRST, 'sent']]);
  });
});
