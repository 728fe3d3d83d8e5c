// People who write STOP to a sender of ours (issue 3, point 6; ADR 32): that sender leaves them alone, another one serves them, and
// where there is none they are told so themselves, once they have proved their password, and nobody else is.
import { randomBytes } from 'node:crypto';
import { startSystem, type System } from '../support/instance';
import { until } from '../support/patience';
import { Person, phoneNumbers } from '../support/person';
import { allRun, queueAgain } from '../support/queue';
import { reply, requestsTo } from '../support/simulator-control';
import { TelnyxWebhooks } from '../support/telnyx-webhook';

const key = (name: string) => `${name}:${randomBytes(32).toString('base64')}`;
const older = key('older');
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
    const from = { phone_number: person.phone };
    const to = [{ phone_number: system.secret('TELNYX_PHONE_NUMBER') }];
    const write = (id: string, text: string, secondsAgo: number) => {
      const at = new Date(system.clock.now().getTime() - secondsAgo * 1000);
      return webhooks.post(webhooks.signed('message.received', { id, from, to, text }, at));
    };
    expect((await write('2', 'STOP', 10)).status).toBe(200);
    expect((await write('1', 'START', 60)).status).toBe(200);
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
    await system.restart(0, { SECRET_KEYS: `${key('newer')},${older}` });
    expect(await servedBy(person)).toBe(SECOND);
    await writes(person.phone, 'START');
    expect(await servedBy(person)).toBe(FIRST);
    await writes(person.phone, 'STOP');
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
