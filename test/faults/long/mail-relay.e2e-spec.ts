// The relay in trouble: a request never waits for it, what it does not take waits in the queue, what it refuses is told, and codes by
// message go on meanwhile (F01, F02, F13 for mail; ADR 43).
import type { TokensBody } from '../../support/api-client';
import { addresses, askEmail, confirmEmail } from '../../support/emails';
import { startSystem, type System } from '../../support/instance';
import { PASSWORD, Person, phoneNumbers } from '../../support/person';
import { allRun, failedTimes, Refusal } from '../../support/queue';

const nextPhone = phoneNumbers();
const nextAddress = addresses();
let system: System;

beforeAll(async () => {
  // An issuer that stays the same when the instance gets another port.
  const env = { LIMIT_UNAUTHENTICATED: 'off', LIMIT_SMS_DESTINATION: 'off', JWT_ISSUER: 'https://id.example.com' };
  system = await startSystem({ mail: true, env });
});
afterAll(() => system.stop());
afterEach(() => fetch(`${system.simulator}/faults/smtp`, { method: 'DELETE' }));

async function fault(body: object): Promise<void> {
  const { status } = await fetch(`${system.simulator}/faults/smtp`, { method: 'PUT', body: JSON.stringify(body) });
  expect(status).toBe(200);
}

async function asked(): Promise<{ person: Person; tokens: TokensBody; address: string; token: string }> {
  const person = new Person(system, nextPhone());
  const tokens = await person.joined();
  const address = nextAddress();
  const { status, body } = await askEmail(system.api, tokens, address);
  expect(status).toBe(202);
  return { person, tokens, address, token: body.challengeToken };
}

/** Until the notice has come, too: it must not meet the fault of the next test. */
async function confirmed(tokens: TokensBody, token: string, code: string, address: string): Promise<void> {
  expect((await confirmEmail(system.api, tokens, token, code)).status).toBe(200);
  await system.mailbox.mailFor(address, ({ code: none }) => none === null);
}

const sendsOf = async (address: string) =>
  (await system.mailbox.mails(address)).map(
    ({ headers }) => headers.find(({ name }) => name === 'message-id')?.value ?? '',
  );

it('F02: a relay that says later gets the mail later, with the same code; the status is queued meanwhile', async () => {
  await fault({ kind: 'status', status: 451, count: 1 });
  const { person, tokens, address, token } = await asked();
  expect((await person.status(token)).delivery).toBe('queued');
  const code = await system.mailbox.codeFor(address);
  await person.statusWhen(token, ({ delivery }) => delivery === 'sent');
  await confirmed(tokens, token, code, address);
});

it('F02: what the relay refuses for good has failed at once, and may be asked for again at once', async () => {
  await fault({ kind: 'status', status: 550, count: 1 });
  const { person, tokens, address, token } = await asked();
  const failed = await person.statusWhen(token, ({ delivery }) => delivery === 'failed');
  expect(failed).toMatchObject({ next: ['resend_email'], resendAfter: 0 });
  expect((await person.resend(token)).status).toBe(202);
  const code = await system.mailbox.codeFor(address);
  const sent = await person.statusWhen(token, ({ delivery }) => delivery !== 'queued');
  expect(sent).toMatchObject({ delivery: 'sent', next: ['verify', 'wait'] });
  await confirmed(tokens, token, code, address);
});

it('F02: a code that the relay takes no more before its time is up is never mailed, and told as failed', async () => {
  await fault({ kind: 'status', status: 451 });
  const { person, address, token } = await asked();
  await failedTimes(system, 1);
  system.clock.advance(3600);
  await fetch(`${system.simulator}/faults/smtp`, { method: 'DELETE' });
  await allRun(system);
  expect(await person.status(token)).toMatchObject({ state: 'expired', delivery: 'failed' });
  expect(await system.mailbox.mails(address)).toEqual([]);
});

describe.each([
  [3500, 1],
  [3700, 0],
])('F02: a notice whose relay comes back %i s late', (late, count) => {
  async function mailedAfter(address: string, seconds: number, text: RegExp): Promise<number> {
    await failedTimes(system, 1);
    system.clock.advance(seconds);
    await fetch(`${system.simulator}/faults/smtp`, { method: 'DELETE' });
    await allRun(system);
    return (await system.mailbox.mails(address)).filter((mail) => text.test(mail.text)).length;
  }

  async function known() {
    const { person, tokens, address, token } = await asked();
    await confirmed(tokens, token, await system.mailbox.codeFor(address), address);
    await fault({ kind: 'status', status: 451 });
    return { person, tokens, address };
  }

  it(`of what was done to the account, is mailed ${count} times`, async () => {
    const { tokens, address } = await known();
    const change = { currentPassword: PASSWORD, newPassword: 'amber-lighthouse-72-meadow' };
    const { accessToken: session } = tokens;
    expect((await system.api.post('/v1/users/me/password', change, { token: session })).status).toBe(204);
    expect(await mailedAfter(address, late, /password was changed/)).toBe(count);
  });

  it(`of an attempt to register the number, is mailed ${count} times`, async () => {
    const { person, address } = await known();
    const { status, body } = await new Person(system, person.phone, 'strangers-own-33-pepper').register();
    expect(status).toBe(202);
    const life = (Date.parse(body.expiresAt) - system.clock.now().getTime()) / 1000;
    expect(await mailedAfter(address, life + late, /^Someone tried to sign up/)).toBe(count);
  });
});

it('F13: a mail whose answer was lost comes twice under one Message-ID', async () => {
  await fault({ kind: 'lost_answer', count: 1 });
  const { person, address, token } = await asked();
  await person.statusWhen(token, ({ delivery }) => delivery === 'sent');
  const ids = await sendsOf(address);
  expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
});

it('N10: a mail that is out is recorded while the audit log takes no row of it, and the row follows', async () => {
  const refusal = await Refusal.of(system, 'audit_log', `reason <> 'smtp'`);
  const { person, address, token } = await asked();
  await person.statusWhen(token, ({ delivery }) => delivery === 'sent');
  await failedTimes(system, 1);
  await refusal.end();
  await allRun(system);
  const { rows } = await system.database.query(
    `SELECT FROM audit_log a JOIN otp_attempts c ON c.id = a.ref WHERE a.event = 'otp_sent' AND a.reason = 'smtp' AND c.email = $1`,
    [address],
  );
  expect(rows).toHaveLength(1);
});

describe('N10: a mail that was queued while an instance had a relay, and met one without', () => {
  async function metByOneWithout() {
    await fault({ kind: 'status', status: 451 });
    const { person, address, token } = await asked();
    await failedTimes(system, 1);
    await system.restart(0, { SMTP_URL: '' });
    await failedTimes(system, 2);
    return { person: new Person(system, person.phone), address, token };
  }

  it('waits for one that has it', async () => {
    const { person, address, token } = await metByOneWithout();
    expect((await person.status(token)).delivery).toBe('queued');
    await fetch(`${system.simulator}/faults/smtp`, { method: 'DELETE' });
    await system.restart(0);
    await allRun(system);
    expect(await system.mailbox.codeFor(address)).toMatch(/^\d{6}$/);
  });

  it('is told as failed when none has it in time', async () => {
    const { person, address, token } = await metByOneWithout();
    system.clock.advance(3600);
    await allRun(system);
    expect(await person.status(token)).toMatchObject({ state: 'expired', delivery: 'failed' });
    expect(await system.mailbox.mails(address)).toEqual([]);
    await system.restart(0);
  });
});

describe('N10: a notice that an instance without a relay has queued, and come upon first', () => {
  async function metByOneWithout(): Promise<string> {
    const { tokens, address, token } = await asked();
    await confirmed(tokens, token, await system.mailbox.codeFor(address), address);
    await system.restart(0, { SMTP_URL: '' });
    const change = { currentPassword: PASSWORD, newPassword: 'amber-lighthouse-72-meadow' };
    const as = { token: tokens.accessToken };
    expect((await system.api.post('/v1/users/me/password', change, as)).status).toBe(204);
    await failedTimes(system, 1);
    return address;
  }
  const told = async (address: string): Promise<number> =>
    (await system.mailbox.mails(address)).filter(({ text }) => /password was changed/.test(text)).length;

  it('waits for one that has it', async () => {
    const address = await metByOneWithout();
    await system.restart(0);
    await allRun(system);
    expect(await told(address)).toBe(1);
  });

  it('is on record as failed when none has it in time', async () => {
    const address = await metByOneWithout();
    system.clock.advance(3700);
    await allRun(system);
    expect(await told(address)).toBe(0);
    const { rows } = await system.database.query(
      `SELECT d.status, d.failure, a.event, a.reason FROM mail_deliveries d JOIN notices n ON n.id = d.reference_id JOIN audit_log a ON a.ref = n.id
        WHERE n.email = $1 AND n.name = 'password_changed' AND a.reason LIKE 'smtp%'`,
      [address],
    );
    expect(rows).toEqual([{ status: 'failed', failure: 'expired', event: 'otp_send_failed', reason: 'smtp: expired' }]);
    await system.restart(0);
  });
});

it('F01: while the relay hangs, requests are answered and codes by message arrive', async () => {
  await fault({ kind: 'hang' });
  const waiting = await Promise.all(Array.from({ length: 10 }, () => asked()));
  const person = new Person(system, nextPhone());
  await person.joined();
  expect(waiting).toHaveLength(10);
});
