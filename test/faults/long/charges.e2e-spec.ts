// What a message costs the budgets when more than one is sent, or none was asked for (ADR 55, 86): the second vendor after a doubtful
// hand-over, the same vendor after a run that was cut short, and notices. The waits are the product's own (the 10 s of doubt, F13), most of them on
// the clock that the test moves.
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { PASSWORD, Person, phoneNumbers } from '../../support/person';
import { allRun, queueAgain } from '../../support/queue';
import { clearFault, requestsTo, setFault } from '../../support/simulator-control';
import { TelnyxWebhooks } from '../../support/telnyx-webhook';

const [FIRST, SECOND] = ['telnyx', 'twilio'];
const HOUR_SECONDS = 3600;

describe('a budget of messages', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ provider: `${FIRST},${SECOND}`, env: { LIMIT_SMS_GLOBAL: '100/1h' } });
  });
  afterAll(() => system.stop());
  beforeEach(async () => {
    await clearFault(system, FIRST);
    // To the beginning of a window.
    system.clock.advance(HOUR_SECONDS - (Math.floor(system.clock.now().getTime() / 1000) % HOUR_SECONDS) + 1);
  });

  async function spent(share: string): Promise<number> {
    const { rows } = await system.database.query<{ n: number }>(
      `SELECT coalesce(sum(n), 0)::int AS n FROM spend_windows
        WHERE scope = $1 AND window_start = (SELECT max(window_start) FROM spend_windows)`,
      [`${share}/${HOUR_SECONDS}`],
    );
    return rows[0]?.n ?? 0;
  }

  /** The whole share of logins in the window that runs. */
  const spendAll = () =>
    system.database.query(
      `INSERT INTO spend_windows (scope, window_start, shard, n) SELECT 'login/${HOUR_SECONDS}', max(window_start), 0, 40 FROM spend_windows
       ON CONFLICT (scope, window_start, shard) DO UPDATE SET n = 40`,
    );

  const ofNumbers = async () => {
    const sql = `SELECT sum(cardinality(hits))::int AS n FROM rate_limits WHERE key LIKE 'sms:all:%'`;
    return (await system.database.query<{ n: number }>(sql)).rows[0]?.n ?? 0;
  };

  const bySecond = async (phone: string) =>
    (await requestsTo(system, SECOND)).filter(({ body }) => body.includes(phone.slice(1))).length;

  /** Logs in while the first vendor sends and cannot say so. */
  async function inDoubt(person: Person) {
    await setFault(system, FIRST, { kind: 'lost_answer', count: 1 });
    const { status, body } = await person.login();
    expect(status).toBe(200);
    return person.statusWhen(body.challengeToken, ({ delivery }) => delivery !== 'queued');
  }

  it('F13: the second vendor after a doubt is charged like the first', async () => {
    const person = new Person(system, nextPhone());
    await person.joined();
    const [before, hits] = [await spent('login'), await ofNumbers()];
    expect((await inDoubt(person)).delivery).toBe('sent');
    expect(await bySecond(person.phone)).toBe(1);
    // Of what is shared; a decoy has no vendor to doubt, so the number pays once as a decoy does.
    expect([(await spent('login')) - before, (await ofNumbers()) - hits]).toEqual([2, 1]);
  });

  it('F13: where the budget is spent meanwhile, no second vendor is called, and the person may ask again', async () => {
    const person = new Person(system, nextPhone());
    await person.joined();
    const others = await bySecond(person.phone);
    system.clock.advance(HOUR_SECONDS);
    await system.database.query(
      `INSERT INTO spend_windows (scope, window_start, shard, n)
       SELECT 'login/${HOUR_SECONDS}', to_timestamp(floor(extract(epoch FROM $1::timestamptz) / ${HOUR_SECONDS}) * ${HOUR_SECONDS}), 0, 39`,
      [system.clock.now()],
    );
    const state = await inDoubt(person);
    expect(state).toMatchObject({ delivery: 'failed' });
    expect(await bySecond(person.phone)).toBe(others);
    expect(await spent('login')).toBe(40);
  });

  /** As a process leaves it that dies while the vendor has it. */
  async function cutShort(person: Person): Promise<string> {
    const { token } = await person.challenged('login');
    await system.database.query(
      `UPDATE sms_deliveries SET status = 'queued', provider_id = NULL, sent_at = NULL
        WHERE reference_id = (SELECT id FROM otp_attempts WHERE phone = $1 ORDER BY created_at DESC LIMIT 1)`,
      [person.phone],
    );
    return token;
  }

  /** Runs that were cut short while a vendor had their notice go on. */
  const noticesAgain = () =>
    system.database.query(
      `WITH cut AS (UPDATE sms_deliveries SET status = 'queued', provider_id = NULL, sent_at = NULL WHERE source = 'notice' RETURNING reference_id)
       SELECT graphile_worker.add_job('sms', json_build_object('source', 'notice', 'id', reference_id, 'send', 1)) FROM cut`,
    );

  const calls = async (provider: string) => (await requestsTo(system, provider)).length;
  const messagesTo = async ({ phone }: Person) => (await system.phone.messages(phone)).length;

  it('N7: what a run that was cut short may have sent is charged when it is sent again', async () => {
    const person = new Person(system, nextPhone());
    await person.joined();
    const [token, messages, before, hits] = [
      await cutShort(person),
      await messagesTo(person),
      await spent('login'),
      await ofNumbers(),
    ];
    await queueAgain(system, person.phone);
    await person.statusWhen(token, ({ delivery }) => delivery === 'sent');
    expect(await messagesTo(person)).toBe(messages + 1);
    expect([(await spent('login')) - before, (await ofNumbers()) - hits]).toEqual([1, 0]);
  });

  it('F13, N7: where the vendor that may have had it is not to be asked, another has it ten seconds after, charged, and nothing stays open', async () => {
    const person = new Person(system, nextPhone());
    await person.joined();
    const [others, first] = [await bySecond(person.phone), await calls(FIRST)];
    const [token, before] = [await cutShort(person), await spent('login')];
    await setFault(system, FIRST, { kind: 'status', status: 401 });
    await new Person(system, nextPhone()).register(); // its breaker opens
    await until(async () => (await calls(FIRST)) >= first + 2, 'the second call');
    system.clock.advance(9); // of the ten seconds
    await queueAgain(system, person.phone);
    await allRun(system);
    expect(await person.status(token)).toMatchObject({ delivery: 'sent' });
    expect([(await bySecond(person.phone)) - others, (await calls(FIRST)) - first]).toEqual([1, 2]);
    // The stranger's is of another share.
    expect((await spent('login')) - before).toBe(1);
    const { rows } = await system.database.query<{ provider: string; seconds: number }>(
      `SELECT provider, status, extract(epoch FROM created_at - min(created_at) OVER ())::float8 AS seconds FROM sms_deliveries
        WHERE reference_id = (SELECT id FROM otp_attempts WHERE phone = $1 ORDER BY created_at DESC LIMIT 1) ORDER BY created_at`,
      [person.phone],
    );
    expect(rows).toMatchObject([
      { provider: FIRST, status: 'failed' },
      { provider: SECOND, status: 'sent' },
    ]);
    expect(rows[1]?.seconds).toBeGreaterThanOrEqual(9.9);
    system.clock.advance(31); // the breaker closes
  });

  it('N7: what was paid for a repetition that its vendor refuses pays for the next vendor', async () => {
    const person = new Person(system, nextPhone());
    await person.joined();
    const [others, token, before] = [await bySecond(person.phone), await cutShort(person), await spent('login')];
    await setFault(system, FIRST, { kind: 'status', status: 503, count: 1 });
    system.clock.advance(9); // of the ten seconds
    await queueAgain(system, person.phone);
    await allRun(system);
    expect(await person.status(token)).toMatchObject({ delivery: 'sent' });
    expect([(await bySecond(person.phone)) - others, (await spent('login')) - before]).toEqual([1, 1]);
  });

  it('N7: where the budget is spent it is not sent again, and the person may ask', async () => {
    const person = new Person(system, nextPhone());
    await person.joined();
    const [token, messages] = [await cutShort(person), await messagesTo(person)];
    await spendAll();
    const asked = system.clock.now().getTime();
    await queueAgain(system, person.phone);
    await allRun(system);
    expect(await messagesTo(person)).toBe(messages);
    const state = await person.status(token);
    expect(state).toMatchObject({ delivery: 'failed', resendAfter: 0, next: ['resend_sms'] });
    // Nobody waits ten seconds for another vendor that cannot be paid either.
    expect(Date.parse(state.deliveryUpdatedAt ?? '') - asked).toBeLessThan(6000);
    expect(await spent('login')).toBe(40);
  });

  it('a message that did not arrive is followed by no other where the budget is spent, and the person may ask again at once', async () => {
    const person = new Person(system, nextPhone());
    await person.joined();
    const { token } = await person.challenged('login');
    const others = await bySecond(person.phone);
    await spendAll();
    const webhooks = new TelnyxWebhooks(system);
    const failed = webhooks.about(await webhooks.idFor(person.phone), 'delivery_failed');
    expect((await webhooks.post(failed)).status).toBe(200);
    expect(await person.status(token)).toMatchObject({ delivery: 'failed', resendAfter: 0, next: ['resend_sms'] });
    expect(await bySecond(person.phone)).toBe(others);
    expect(await spent('login')).toBe(40);
  });

  it('a message that is told as lost once its code was entered costs nothing more', async () => {
    const person = new Person(system, nextPhone());
    await person.joined();
    await person.again();
    const before = [await spent('login'), await ofNumbers()];
    const webhooks = new TelnyxWebhooks(system);
    await webhooks.post(webhooks.about(await webhooks.idFor(person.phone), 'delivery_failed'));
    expect([await spent('login'), await ofNumbers()]).toEqual(before);
  });

  it('a notice is charged to the share of logins, and sent even when that is spent', async () => {
    const person = new Person(system, nextPhone());
    const { accessToken } = await person.joined();
    await spendAll();
    const before = await system.phone.newest(person.phone);
    const change = { currentPassword: PASSWORD, newPassword: 'amber-lighthouse-72-meadow' };
    expect((await system.api.post('/v1/users/me/password', change, { token: accessToken })).status).toBe(204);
    const { id, code } = await system.phone.messageFor(person.phone, { after: before });
    expect(code).toBeNull();
    expect(await spent('login')).toBe(41);

    // N7: and once more when it is sent again, after a run that was cut short.
    await allRun(system);
    await noticesAgain();
    await system.phone.messageFor(person.phone, { after: id });
    await allRun(system);
    expect(await spent('login')).toBe(42);
  });

  it('F11: a notice that a run was cut short of is sent again for an hour, and not after', async () => {
    const person = new Person(system, nextPhone());
    const { accessToken } = await person.joined();
    const before = await system.phone.newest(person.phone);
    const change = { currentPassword: PASSWORD, newPassword: 'amber-lighthouse-72-meadow' };
    expect((await system.api.post('/v1/users/me/password', change, { token: accessToken })).status).toBe(204);
    await system.phone.messageFor(person.phone, { after: before });
    await allRun(system);
    const messages = await messagesTo(person);
    for (const [seconds, more] of [
      [HOUR_SECONDS - 100, 1],
      [200, 1],
    ] as const) {
      system.clock.advance(seconds);
      await noticesAgain();
      await allRun(system);
      expect(await messagesTo(person)).toBe(messages + more);
    }
  });
});
