// A message that its vendor lost goes by another one, also to an owner whose number strangers have used up: what is kept of the number is
// kept for both vendors (A65, A76, ADR 31).
import { forgotten, kind, resetAt } from '../../support/credentials';
import { handOversTo } from '../../support/deliveries';
import { startSystem, type System } from '../../support/instance';
import { limitsOff } from '../../support/limits';
import { newAccount, Operator } from '../../support/operator';
import { until } from '../../support/patience';
import { type Person, phoneNumbers } from '../../support/person';
import { JOBS } from '../../support/queue';
import { TelnyxWebhooks } from '../../support/telnyx-webhook';
import { untilWaiting } from '../../races/burst';

const nextPhone = phoneNumbers();
let system: System;
let operator: Operator;
let webhooks: TelnyxWebhooks;

beforeAll(async () => {
  system = await startSystem({
    provider: 'telnyx,twilio',
    env: {
      ...limitsOff('LIMIT_UNAUTHENTICATED', 'LIMIT_REGISTER_ADDRESS'),
      LIMIT_SMS_DESTINATION: '4/10m',
      LIMIT_SMS_ACCOUNT: '5/1d',
    },
  });
  operator = new Operator(system);
  webhooks = new TelnyxWebhooks(system);
});
afterAll(() => system.stop());

/** An account whose number strangers have used up. */
async function besieged() {
  const account = await newAccount(system, nextPhone());
  system.clock.advance(600);
  const taken = [];
  for (let turn = 0; turn < 5; turn += 1) taken.push(kind(await account.person.register()));
  expect(taken).toEqual([...Array<string>(4).fill('202'), '429 rate_limited']);
  system.clock.advance(31);
  return account;
}

/** The message by which the vendor tells that the newest one was lost. */
async function lose({ phone }: Person): Promise<void> {
  expect((await webhooks.post(webhooks.about(await webhooks.idFor(phone), 'delivery_failed'))).status).toBe(200);
}

it('A65: the first message of a login is followed by one of another vendor, out of the three an hour', async () => {
  const { person } = await besieged();
  const { token, code } = await person.challenged('login');
  const after = await system.phone.newest(person.phone);
  await lose(person);
  expect(await system.phone.messageFor(person.phone, { after })).toMatchObject({ provider: 'twilio', code });
  system.clock.advance(31);
  const last = await person.challenged('login');
  await lose(person);
  const status = await person.statusWhen(last.token, ({ delivery }) => delivery === 'failed');
  expect(status).toMatchObject({ state: 'pending' });
  expect(kind(await person.verify(token, code))).toBe('401 code_expired');
  expect(kind(await person.verify(last.token, last.code))).toBe('200');
});

it('A65: it is, too, when a stranger is faster and takes the last that was free for everybody', async () => {
  const { person } = await newAccount(system, nextPhone());
  system.clock.advance(600);
  for (let turn = 0; turn < 2; turn += 1) {
    expect(kind(await person.register())).toBe('202');
    system.clock.advance(31);
  }
  const { code } = await person.challenged('login');
  const after = await system.phone.newest(person.phone);
  const stranger = await system.database.connect();
  await stranger.query('BEGIN');
  const takes = `UPDATE rate_limits SET hits = $1::timestamptz || hits WHERE key LIKE 'sms:to:%' AND cardinality(hits) = 3`;
  expect((await stranger.query(takes, [system.clock.now()])).rowCount).toBe(1);
  const losing = lose(person);
  await untilWaiting(system, 1);
  await stranger.query('COMMIT');
  stranger.release();
  await losing;
  expect(await system.phone.messageFor(person.phone, { after })).toMatchObject({ provider: 'twilio', code });
});

it('A65: each counts for its account as well, so five a day are five by all vendors', async () => {
  const { person } = await newAccount(system, nextPhone());
  for (let login = 0; login < 2; login += 1) {
    system.clock.advance(600);
    await person.challenged('login');
    const after = await system.phone.newest(person.phone);
    await lose(person);
    await system.phone.messageFor(person.phone, { after });
  }
  system.clock.advance(600);
  const { token } = await person.challenged('login');
  await lose(person);
  await person.statusWhen(token, ({ delivery }) => delivery === 'failed');
  system.clock.advance(31);
  expect(kind(await person.login())).toBe('429 rate_limited');
});

it('A76: that of a reset which an operator has begun is, too', async () => {
  const { person, id } = await besieged();
  const before = await system.phone.newest(person.phone);
  const { body } = await operator.act(id, 'start-reset');
  const code = await system.phone.codeFor(person.phone, { after: before });
  const after = await system.phone.newest(person.phone);
  await lose(person);
  expect(await system.phone.messageFor(person.phone, { after })).toMatchObject({ provider: 'twilio', code });
  expect(kind(await resetAt(system.api, body.challengeToken, code))).toBe('204');
});

it('A65: that of a reset which anybody may have asked for is not', async () => {
  const { person } = await besieged();
  system.clock.advance(600);
  await forgotten(person);
  for (let turn = 0; turn < 4; turn += 1) await person.register();
  await lose(person);
  const isLost = async () => (await handOversTo(system, person.phone)).some(({ status }) => status === 'failed');
  await until(isLost, 'the loss');
  // What follows is queued in the transaction that records the loss.
  expect((await system.database.query(`SELECT FROM ${JOBS} WHERE key LIKE '%/another'`)).rowCount).toBe(0);
});
