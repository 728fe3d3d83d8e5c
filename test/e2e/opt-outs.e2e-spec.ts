// People who write STOP to a sender of ours (issue 3, point 6; ADR 32): that sender leaves them alone, another one serves them, and
// where there is none they are told so themselves, once they have proved their password, and nobody else is.
import { randomBytes } from 'node:crypto';
import { startSystem, type System } from '../support/instance';
import { until } from '../support/patience';
import { Person, phoneNumbers } from '../support/person';
import { allRun, queueAgain } from '../support/queue';
import { clearFault, reply, requestsTo, setFault } from '../support/simulator-control';
import { TelnyxWebhooks } from '../support/telnyx-webhook';

const key = (name: string) => `${name}:${randomBytes(32).toString('base64')}`;
const [older, newer] = [key('older'), key('newer')];
const [FIRST, SECOND] = ['telnyx', 'twilio'];

describe('opt-outs', () => {
  const nextPhone = phoneNumbers();
  let system: System;
  let webhooks: TelnyxWebhooks;
  let british = 7_911_200_000;

  beforeAll(async () => {
    // Numbers of the United Kingdom have one sender only.
    const env = { SMS_ROUTES: `GB=${FIRST}`, OTP_RESEND_SECONDS: '1,1,1', SECRET_KEYS: older };
    system = await startSystem({ provider: `${FIRST},${SECOND}`, receipts: true, env });
    webhooks = new TelnyxWebhooks(system);
  });

  afterAll(() => system.stop());

  const stops = async () =>
    (await system.database.query<{ stopped: boolean }>('SELECT stopped FROM sms_opt_outs')).rows;

  /** The phone writes to the first vendor's number, and we have heard it. */
  async function writes(phone: string, text: string): Promise<void> {
    const { length } = await told();
    await reply(system, phone, FIRST, text);
    await until(async () => (await told()).length !== length, 'our answer to the vendor');
  }

  /** What the first vendor tells us that a person has written, and does not go by itself. */
  async function says(phone: string, text: string, at: Date): Promise<void> {
    const to = [{ phone_number: system.secret('TELNYX_PHONE_NUMBER') }];
    const payload = { id: `${phone}-${text}-${at.getTime()}`, from: { phone_number: phone }, to, text };
    expect((await webhooks.post(webhooks.signed('message.received', payload, at))).status).toBe(200);
  }

  async function told() {
    const response = await fetch(`${system.simulator}/receipts?provider=${FIRST}`);
    const posted = (await response.json()) as { about: string; status: number }[];
    return posted.filter(({ about, status }) => about === 'inbound' && status === 200);
  }

  async function servedBy(person: Person): Promise<string> {
    const after = await system.phone.newest(person.phone);
    const { token, code } = await person.challenged('login');
    const message = await system.phone.messageFor(person.phone, { after });
    expect((await person.verify(token, code)).status).toBe(200);
    return message.provider;
  }

  it('STOP moves a number to another sender, START brings it back; nothing else that people write does anything', async () => {
    const person = new Person(system, nextPhone());
    await person.joined();
    expect(await servedBy(person)).toBe(FIRST);
    await writes(person.phone, 'thanks, please stop by');
    expect(await stops()).toEqual([]);
    await writes(person.phone, ' Stop. ');
    expect(await servedBy(person)).toBe(SECOND);
    await writes(person.phone, 'START');
    expect(await servedBy(person)).toBe(FIRST);
  });

  it('keeps no number: what is stored is a digest, and the newest word counts in whatever order they come', async () => {
    const person = new Person(system, nextPhone());
    await person.joined();
    const now = system.clock.now();
    await says(person.phone, 'STOP', new Date(now.getTime() - 10_000));
    await says(person.phone, 'START', new Date(now.getTime() - 60_000));
    expect(await servedBy(person)).toBe(SECOND);
    const { rows } = await system.database.query<{ row: string }>('SELECT o::text AS row FROM sms_opt_outs o');
    expect(rows.map(({ row }) => row).join()).not.toContain(person.phone.slice(1));
  });

  it('what a vendor refuses for this reason goes another way at once, and is not asked of it again', async () => {
    const person = new Person(system, nextPhone());
    await person.joined();
    await writes(person.phone, 'STOP');
    await system.database.query('DELETE FROM sms_opt_outs'); // the word went to the vendor only
    expect(await servedBy(person)).toBe(SECOND);
    const asked = async () =>
      (await requestsTo(system, FIRST)).filter(({ body }) => body.includes(person.phone.slice(1))).length;
    const calls = await asked();
    expect(await servedBy(person)).toBe(SECOND);
    expect(await asked()).toBe(calls);
    system.clock.advance(23 * 3600);
    expect(await servedBy(person)).toBe(SECOND);
    expect(await asked()).toBe(calls);
    system.clock.advance(3600 + 1); // it may have been taken back where we do not hear of it
    await servedBy(person);
    expect(await asked()).toBe(calls + 1);
  });

  it('a word under a key that is not the present one any more counts until there is a newer one', async () => {
    const person = new Person(system, nextPhone());
    await person.joined();
    await writes(person.phone, 'STOP');
    await system.restart(0, { SECRET_KEYS: `${newer},${older}` });
    expect(await servedBy(person)).toBe(SECOND);
    await writes(person.phone, 'START');
    expect(await servedBy(person)).toBe(FIRST);
    await writes(person.phone, 'STOP');
    expect(await servedBy(person)).toBe(SECOND);
  });

  /** A message to this person is under way, and its vendor has not told how it ended. @returns what tells that the number has stopped */
  async function underWay(person: Person): Promise<() => Promise<void>> {
    await person.joined();
    await setFault(system, FIRST, { kind: 'late_receipt', ms: 600_000 });
    await person.challenged('login');
    await clearFault(system, FIRST);
    const refused = webhooks.about(await webhooks.idFor(person.phone), 'delivery_failed', '40300');
    return async () => {
      expect((await webhooks.post(refused)).status).toBe(200);
      await allRun(system); // its code goes another way
    };
  }

  it('a START counts after the STOP before it, though a refusal that came in between was heard of later than it was said', async () => {
    const person = new Person(system, nextPhone());
    const refuse = await underWay(person);
    await says(person.phone, 'STOP', system.clock.now());
    system.clock.advance(10);
    const said = system.clock.now();
    system.clock.advance(2);
    await refuse();
    await says(person.phone, 'START', said);
    expect(await servedBy(person)).toBe(FIRST);
  });

  it('a STOP under a key that is not the present one any more outlives what its vendor has refused since', async () => {
    const person = new Person(system, nextPhone());
    const refuse = await underWay(person);
    await says(person.phone, 'STOP', system.clock.now());
    await system.restart(0, { SECRET_KEYS: `${key('newest')},${newer},${older}` });
    await refuse();
    system.clock.advance(25 * 3600);
    expect(await servedBy(person)).toBe(SECOND);
  });

  it('with no other sender the owner reads opted_out, after the password; a stranger who registers the number does not', async () => {
    const owner = new Person(system, `+44${british++}`);
    await owner.joined();
    await writes(owner.phone, 'STOP');
    const calls = (await requestsTo(system, FIRST)).length;
    const { body } = await owner.login();
    const status = await owner.statusWhen(body.challengeToken, ({ delivery }) => delivery === 'failed');
    expect(status).toMatchObject({ state: 'pending', deliveryFailure: 'opted_out', next: ['resend_sms'] });

    const free = `+44${british++}`;
    await writes(free, 'STOP');
    for (const phone of [owner.phone, free]) {
      const stranger = new Person(system, phone, 'another-password-77');
      const { challengeToken } = (await stranger.register()).body;
      const seen = await stranger.statusWhen(challengeToken, ({ delivery }) => delivery === 'failed');
      expect(seen).toMatchObject({ state: 'pending', deliveryFailure: null, next: ['resend_sms'] });
    }
    expect((await requestsTo(system, FIRST)).length).toBe(calls);
  });

  it('what was told as failed is not sent after all, though its job runs again when the number takes messages', async () => {
    const owner = new Person(system, `+44${british++}`);
    await owner.joined();
    await writes(owner.phone, 'STOP');
    const { body } = await owner.login();
    await owner.statusWhen(body.challengeToken, ({ delivery }) => delivery === 'failed');
    await writes(owner.phone, 'START');
    const calls = (await requestsTo(system, FIRST)).length;
    await queueAgain(system, owner.phone);
    await allRun(system);
    expect((await requestsTo(system, FIRST)).length).toBe(calls);
    expect((await owner.status(body.challengeToken)).delivery).toBe('failed');
  });
});
