// Where the vendor takes our code (telnyx-verify), the code is as much ours as in a text: derived, the same on every send and
// channel, checked without asking the vendor, kept nowhere.
import { everyTable, keepFinishedJobs } from '../support/dump';
import { startSystem, type System } from '../support/instance';
import { Person, phoneNumbers, wrongCodes } from '../support/person';

describe('a vendor that takes our code', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    // Ten digits are not found in a table by chance.
    system = await startSystem({ provider: 'telnyx-verify', env: { OTP_LENGTH: '10' } });
  });

  afterAll(() => system.stop());

  const asked = async (): Promise<{ path: string }[]> => {
    const response = await fetch(`${system.simulator}/requests?provider=telnyx-verify`);
    return (await response.json()) as { path: string }[];
  };

  it('sends the same code by text and by call, and never asks the vendor about it', async () => {
    const person = new Person(system, nextPhone());
    const before = (await asked()).length;
    const { token, code } = await person.challenged('register');
    const text = await system.phone.newest(person.phone);
    const [wrong = ''] = wrongCodes(code, 1);
    expect(await person.verify(token, wrong)).toMatchObject({
      status: 401,
      body: { code: 'code_invalid', attemptsLeft: 4 },
    });
    system.clock.advance(30);
    expect(await person.resend(token, 'voice')).toMatchObject({ status: 202, body: { channel: 'voice' } });
    const called = await system.phone.messageFor(person.phone, { after: text });
    expect(called).toMatchObject({ channel: 'voice', code });
    expect((await person.verify(token, code)).status).toBe(200);
    const paths = (await asked()).slice(0, -before || undefined).map(({ path }) => path);
    expect(paths.toSorted()).toEqual(['/v2/verifications/call', '/v2/verifications/sms']);
  });

  it('takes a code of another length for malformed, as with any code of ours', async () => {
    const person = new Person(system, nextPhone());
    const { token } = await person.challenged('register');
    expect(await person.verify(token, '12345')).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect((await person.status(token)).attemptsLeft).toBe(5);
  });

  it('A55: answers for a taken number as for a free one, and sends nothing there', async () => {
    const owner = new Person(system, nextPhone());
    await owner.joined();
    const messages = (await system.phone.messages(owner.phone)).length;
    const seen: unknown[] = [];
    for (const person of [new Person(system, nextPhone()), new Person(system, owner.phone, 'another-password-77')]) {
      const { status, body } = await person.register();
      const sent = await person.statusWhen(body.challengeToken, ({ delivery }) => delivery !== 'queued');
      const wrong = await person.verify(body.challengeToken, '0000000000');
      seen.push([
        status,
        body.codeLength,
        body.channels,
        sent.delivery,
        sent.next,
        wrong.status,
        wrong.body.attemptsLeft,
      ]);
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(await system.phone.messages(owner.phone)).toHaveLength(messages);
  });

  it('A92: keeps no code in the database and writes none in the log', async () => {
    await keepFinishedJobs(system);
    const person = new Person(system, nextPhone());
    const { code } = await person.challenged('register');
    const dump = await everyTable(system);
    expect(dump).toContain(person.phone); // the dump is of the right database
    expect(dump).not.toContain(code);
    expect(system.logs()).not.toContain(code);
  });
});
