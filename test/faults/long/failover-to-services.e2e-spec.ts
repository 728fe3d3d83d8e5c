// A message sender and a verification service among the vendors: our code and the service's, of which one counts (design section 2, F13):
// what the other one would accept is void, and status says so. Guarded against a verify at the same moment.
import { until } from '../../support/patience';
import { idle } from '../../support/queue';
import { handOversTo } from '../../support/deliveries';
import { TelnyxWebhooks } from '../../support/telnyx-webhook';
import { repair } from '../../support/breakers';
import { startSystem, type System } from '../../support/instance';
import { Person, phoneNumbers } from '../../support/person';
import { requestsTo, setFault } from '../../support/simulator-control';

const DOWN = { kind: 'status', status: 503 };

describe('a message sender and a verification service, in the order of the number’s country', () => {
  const [SENDER, SERVICE] = ['telnyx', 'sinch-verification'];
  const american = phoneNumbers();
  let british = 7_400_123_000;
  const nextBritish = () => `+44${british++}`;
  let system: System;

  beforeAll(async () => {
    const env = { SMS_ROUTES: `GB=${SERVICE},${SENDER};*=${SENDER},${SERVICE}` };
    system = await startSystem({ provider: `${SERVICE},${SENDER}`, env });
  });

  afterAll(() => system.stop());
  beforeEach(() => repair(system, [SENDER, SERVICE]));

  async function joined(phone: string): Promise<Person> {
    const person = new Person(system, phone);
    await person.joined();
    return person;
  }

  it('SMS_ROUTES: each country’s numbers go to its own first vendor; strangers stay with the sender everywhere', async () => {
    for (const [phone, first] of [
      [nextBritish(), SERVICE],
      [american(), SENDER],
    ] as const) {
      const person = await joined(phone);
      await person.challenged('login');
      const [login, registration] = await system.phone.messages(phone);
      expect([registration?.provider, login?.provider]).toEqual([SENDER, first]);
    }
  });

  it('a login falls back from the service to our own code', async () => {
    const person = await joined(nextBritish());
    await setFault(system, SERVICE, DOWN);
    const { token, code } = await person.challenged('login');
    expect((await system.phone.messages(person.phone))[0]?.provider).toBe(SENDER);
    expect(await person.status(token)).toMatchObject({ codeLength: 6, codesVoidBefore: null });
    expect((await person.verify(token, code)).status).toBe(200);
  });

  it('a resend over the sender brings our own code, which is checked here, and voids that of the service', async () => {
    const person = await joined(nextBritish());
    const { token, code: theirs } = await person.challenged('login');
    await setFault(system, SERVICE, DOWN);
    system.clock.advance(30);
    const after = await system.phone.newest(person.phone);
    expect((await person.resend(token)).status).toBe(202);
    const ours = await person.codeOf(token, after);
    expect((await person.status(token)).codesVoidBefore).toEqual(expect.any(String));
    const asked = (await requestsTo(system, SERVICE)).length;
    expect((await person.verify(token, theirs)).body.code).toBe('validation_failed'); // of four digits, as none of ours is
    expect((await person.verify(token, ours)).status).toBe(200);
    expect((await requestsTo(system, SERVICE)).length).toBe(asked);
  });

  it('F07: a login is told the length of the code that comes: that of the vendor whose turn it is', async () => {
    const lengths: (number | null)[] = [];
    for (const isRefused of [false, true, true]) {
      if (isRefused) await setFault(system, SERVICE, { kind: 'status', status: 401 });
      const person = await joined(nextBritish());
      const { body } = await person.login();
      lengths.push(body.codeLength);
      await person.statusWhen(body.challengeToken, ({ delivery }) => delivery === 'sent');
    }
    expect(lengths).toEqual([null, null, 6]); // the second meets the refusal that closes the service
  });

  it('our code is void once the service has taken over, and good again when that sent nothing', async () => {
    const person = await joined(american());
    const { token, code: ours } = await person.challenged('login');
    await setFault(system, SENDER, DOWN);
    await setFault(system, SERVICE, DOWN);
    system.clock.advance(30);
    expect((await person.resend(token)).status).toBe(202);
    const failed = await person.statusWhen(token, ({ delivery }) => delivery !== 'queued');
    expect(failed).toMatchObject({ delivery: 'failed', codesVoidBefore: null });
    expect((await person.verify(token, ours)).status).toBe(200);

    system.clock.advance(60);
    await repair(system, [SENDER, SERVICE]);
    const second = await person.challenged('login');
    await setFault(system, SENDER, DOWN);
    system.clock.advance(30);
    const after = await system.phone.newest(person.phone);
    expect((await person.resend(second.token)).status).toBe(202);
    const theirs = await person.codeOf(second.token, after);
    expect((await person.status(second.token)).codesVoidBefore).toEqual(expect.any(String));
    expect(theirs).not.toBe(second.code);
    expect((await person.verify(second.token, second.code)).body.code).toBe('code_invalid');
  });

  it('A89: what a sender says late, after the service has followed it, is not told as the arrival of the service’s code', async () => {
    const person = await joined(american());
    const webhooks = new TelnyxWebhooks(system);
    const { token } = await person.challenged('login');
    const after = await system.phone.newest(person.phone);
    const id = await webhooks.idFor(person.phone);
    expect((await webhooks.post(webhooks.about(id, 'delivery_failed'))).status).toBe(200);
    const theirs = await person.codeOf(token, after);
    expect((await webhooks.post(webhooks.about(id, 'delivered'))).status).toBe(200);
    expect((await handOversTo(system, person.phone)).slice(-2)).toMatchObject([
      { provider: SENDER, status: 'delivered' },
      { provider: SERVICE, status: 'sent' },
    ]);
    expect(await person.status(token)).toMatchObject({
      delivery: 'sent',
      codesVoidBefore: expect.any(String) as string,
    });
    expect((await person.verify(token, theirs)).status).toBe(200);
  });

  it('F13: none follows a sender in doubt but one with the same code: its message, should it have come, is right', async () => {
    const person = await joined(american());
    const asked = (await requestsTo(system, SERVICE)).length;
    const after = await system.phone.newest(person.phone);
    await setFault(system, SENDER, { kind: 'lost_answer' });
    const { challengeToken: token } = (await person.login()).body;
    const failed = await person.statusWhen(token, ({ delivery }) => delivery === 'failed');
    expect(failed).toMatchObject({ codesVoidBefore: null, next: ['resend_sms', 'resend_voice'] });
    expect((await requestsTo(system, SERVICE)).length).toBe(asked);
    expect((await person.verify(token, await system.phone.codeFor(person.phone, { after }))).status).toBe(200);
  });

  it('F13: our code stays void when the service may have sent one of its own', async () => {
    const person = await joined(american());
    const { token, code: ours } = await person.challenged('login');
    await setFault(system, SENDER, DOWN);
    await setFault(system, SERVICE, { kind: 'lost_answer' });
    system.clock.advance(30);
    expect((await person.resend(token)).status).toBe(202);
    const failed = await person.statusWhen(token, ({ delivery }) => delivery === 'failed');
    expect(failed.codesVoidBefore).toEqual(expect.any(String));
    expect((await person.verify(token, ours)).body.code).toBe('code_invalid');
  });

  it('a code that is entered while the first vendor is being asked is the last: no service is started after it', async () => {
    const person = await joined(american());
    const { token, code: ours } = await person.challenged('login');
    const [asked, started] = [await requestsTo(system, SENDER), await requestsTo(system, SERVICE)];
    await setFault(system, SENDER, { ...DOWN, ms: 2000 });
    system.clock.advance(30);
    expect((await person.resend(token)).status).toBe(202);
    await until(async () => (await requestsTo(system, SENDER)).length > asked.length, 'the call');
    expect((await person.verify(token, ours)).status).toBe(200);
    await idle(system);
    expect((await requestsTo(system, SERVICE)).length).toBe(started.length);
    expect((await handOversTo(system, person.phone)).at(-1)).toMatchObject({ provider: SENDER, status: 'failed' });
  });

  it('A55: a stranger’s code never fails over to the service, which a decoy could not ask', async () => {
    await setFault(system, SENDER, DOWN);
    const before = (await requestsTo(system, SERVICE)).length;
    const person = new Person(system, nextBritish());
    const { challengeToken: token } = (await person.register()).body;
    const { delivery } = await person.statusWhen(token, (status) => status.delivery !== 'queued');
    expect(delivery).toBe('failed');
    expect((await requestsTo(system, SERVICE)).length).toBe(before);
  });

  it('a verify at the moment of the change: one of the two codes at most is accepted, and makes one session', async () => {
    for (let round = 0; round < 8; round++) {
      await repair(system, [SENDER, SERVICE]);
      const person = await joined(american());
      const sessions = async () =>
        (
          await system.database.query('SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.phone = $1', [
            person.phone,
          ])
        ).rows.length;
      const before = await sessions();
      const { token, code: ours } = await person.challenged('login');
      await setFault(system, SENDER, DOWN);
      system.clock.advance(30);
      const after = await system.phone.newest(person.phone);
      await person.resend(token);
      // Every other round ours is entered as soon as the service's message is out, before its answer is recorded.
      const early = round % 2 === 0 ? [person.verify(token, ours)] : [];
      const arrived = Promise.race([
        system.phone.codeFor(person.phone, { after }),
        person
          .statusWhen(token, ({ delivery, state }) => state !== 'pending' || delivery === 'failed')
          .then(() => ours),
      ]);
      const theirs = await arrived;
      const answers = await Promise.all([...early, person.verify(token, theirs), person.verify(token, ours)]);
      const accepted = answers.filter(({ status }) => status === 200).length;
      expect(accepted).toBeLessThanOrEqual(1);
      expect(await sessions()).toBe(before + accepted);
    }
  });
});
