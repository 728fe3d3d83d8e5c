// Somebody who knows a number and an address must not find out by asking for resets that they are of one account, and so that there is one
// (A55): what shows of a reset goes by the name that was typed, never by the number behind it.
import { askReset } from '../../support/credentials';
import { allIsSent } from '../../support/deliveries';
import { addresses, askedEmail, confirmEmail } from '../../support/emails';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { type ChallengeAnswer, Person, phoneNumbers } from '../../support/person';
import { clearFault, setFault } from '../../support/simulator-control';
import { VerifyingApp } from '../../support/verifying-app';

const nextPhone = phoneNumbers();
const nextAddress = addresses();
let system: System;

beforeAll(async () => {
  const off = ['LIMIT_UNAUTHENTICATED', 'LIMIT_RESET_ADDRESS', 'LIMIT_REGISTER_ADDRESS'];
  const limits = {
    LIMIT_SMS_DESTINATION: '4/10m,8/1h,12/1d',
    LIMIT_RESET_DESTINATION: '3/1h',
    LIMIT_SMS_ADDRESS: '10/1h',
  };
  const env = { ...Object.fromEntries(off.map((name) => [name, 'off'])), ...limits, SMS_ROUTES: 'US=telnyx;*=infobip' };
  system = await startSystem({ mail: true, provider: 'telnyx,infobip', env });
});
afterAll(() => system.stop());

async function withAddress(): Promise<{ person: Person; address: string }> {
  const person = new Person(system, nextPhone());
  const tokens = await person.joined();
  const address = nextAddress();
  const { token, code } = await askedEmail(system, system.api, tokens, address);
  const { status, text } = await confirmEmail(system.api, tokens, token, code);
  if (status !== 200) throw new Error(text);
  return { person, address };
}

/** What shows of one request. */
type Shown = readonly [status: number, resendAfter: number | null | undefined];

it.each([
  ['before', true],
  ['after', false],
])('A55: requests by number %s those by address show nothing of each other', async (_, isNumberFirst) => {
  const { person, address } = await withAddress();
  const stranger = new Person(system, person.phone, 'another-password-77');
  const seen: Shown[][] = [];
  for (const name of [nextAddress(), address]) {
    system.clock.advance(86_400);
    const steps: Shown[] = [];
    const show = ({ status, body }: ChallengeAnswer) => {
      steps.push([status, body.resendAfter]);
      return body.challengeToken;
    };
    const byNumber = async () => {
      for (let n = 0; n < 5; n++) {
        show(await stranger.register());
        system.clock.advance(31);
      }
    };
    if (isNumberFirst) show(await askReset(system.api, person.phone));
    const token = show(await askReset(system.api, name));
    if (isNumberFirst) await byNumber();
    for (const seconds of [30, 60, 120]) {
      system.clock.advance(seconds);
      show(await person.resend(token));
    }
    if (!isNumberFirst) await byNumber();
    seen.push(steps);
  }
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[0]?.filter(([status]) => status === 429)).not.toEqual([]);
});

it('A56: by both names together a number gets no more codes than it may have, and whoever asks is told nothing', async () => {
  const { person, address } = await withAddress();
  system.clock.advance(86_400);
  const byAddress: string[] = [];
  const ask = async (name: string) => {
    const { status, body } = await askReset(system.api, name);
    if (name === address) byAddress.push(body.challengeToken);
    return status;
  };
  const again = async () => (await person.resend(byAddress.at(-1) ?? '')).status;
  const byNumber = () => ask(person.phone);
  for (const step of [byNumber, () => ask(address), again, byNumber, again, byNumber]) {
    expect(await step()).toBe(202);
    // Else a send that is followed by another is not made.
    const busy = `SELECT FROM job_outbox UNION ALL SELECT FROM graphile_worker.jobs WHERE key LIKE 'sms:%'`;
    await until(async () => (await system.database.query(busy)).rowCount === 0, 'the end of the send');
    system.clock.advance(61);
  }
  const codes = (await system.phone.messages(person.phone)).filter(({ text }) => /code to reset/.test(text));
  expect(codes).toHaveLength(4);
});

it.each<[string, (person: Person) => Promise<unknown>]>([
  ['strangers ask for', ({ phone }) => new Person(system, phone, 'another-password-77').register()],
  ['its owner signs in with', (person) => person.challenged('login')],
  ['is entered', async ({ phone }) => (await VerifyingApp.make(system)).proofOf(phone)],
])('A65: what %s at a number keeps no code of a reset by address from it', async (_, ask) => {
  const { person, address } = await withAddress();
  system.clock.advance(86_400);
  for (let n = 0; n < 4; n += 1) {
    await ask(person);
    await allIsSent(system);
    system.clock.advance(31);
  }
  const after = await system.phone.newest(person.phone);
  expect((await askReset(system.api, address)).status).toBe(202);
  expect((await system.phone.messageFor(person.phone, { after })).text).toMatch(/code to reset/);
});

it('A55: while no vendor of the number can be called, a reset by address is sent again as one of nobody', async () => {
  const { address } = await withAddress();
  system.clock.advance(86_400);
  const tokens: string[] = [];
  for (const name of [nextAddress(), address]) tokens.push((await askReset(system.api, name)).body.challengeToken);
  system.clock.advance(25);
  await setFault(system, 'telnyx', { kind: 'status', status: 503 });
  const isRefused = async () => (await new Person(system, nextPhone()).register()).status === 503;
  await until(isRefused, 'an open breaker', 30_000, 100);
  system.clock.advance(6);
  const asked = [];
  for (const token of tokens) asked.push((await new Person(system, '').resend(token)).status);
  await clearFault(system, 'telnyx');
  expect(asked).toEqual([202, 202]);
});
