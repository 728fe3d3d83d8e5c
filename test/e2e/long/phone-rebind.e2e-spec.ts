// A lost phone: an operator moves the account to a number that its owner has proved, after a wait in which the owner of the old one can
// stop it (ADR 50).
import { eventsOf, kind, meAt, noticed, refreshAt } from '../../support/credentials';
import { cameTo, loginFrom, withDevice } from '../../support/devices';
import { addresses, askedEmail, confirmEmail } from '../../support/emails';
import { startSystem, type System } from '../../support/instance';
import { actsOn, Operator, USERS } from '../../support/operator';
import { Person, phoneNumbers, wrongCodes } from '../../support/person';
import { askRebind, beginRebind, endWaits, prove, stateOf, WAIT_SECONDS, WHY } from '../../support/rebinds';

const nextPhone = phoneNumbers();
const nextAddress = addresses();
let system: System;
let operator: Operator;

beforeAll(async () => {
  system = await startSystem({ mail: true, env: { LIMIT_PASSWORD_ACCOUNT: '5/15m' } });
  operator = new Operator(system);
});
afterAll(() => system.stop());

async function newPerson() {
  const person = new Person(system, nextPhone());
  const tokens = await person.joined();
  return { person, tokens, id: String(tokens.user['id']) };
}

/** Signs in with the number that the account should have. @returns whether the account is this one */
async function signsIn(phone: string, id: string): Promise<boolean> {
  const person = new Person(system, phone);
  system.clock.advance(31);
  const after = await system.phone.newest(phone);
  const { status, body } = await person.login();
  if (status !== 200) return false;
  const code = await system.phone.codeFor(phone, { after });
  return (await person.verify(body.challengeToken, code)).body.user['id'] === id;
}

async function wait(): Promise<void> {
  system.clock.advance(WAIT_SECONDS + 1);
  await endWaits(system);
}

describe('a rebind', () => {
  it('signs out, tells the old number, takes the code from the new one, and moves the account after a day', async () => {
    const { person, tokens, id } = await newPerson();
    const phone = nextPhone();
    expect((await meAt(system.api, tokens)).status).toBe(200); // and is remembered to live, for seconds
    const begun = await beginRebind(operator, id, phone);
    expect(kind(await meAt(system.api, tokens))).toBe('401 token_invalid');
    expect(kind(await refreshAt(system.api, tokens))).toBe('401 token_invalid');
    await noticed(system, person.phone, /another number.*Sign in/);
    expect(kind(await prove(system.api, { ...begun, code: wrongCodes(begun.code, 1)[0] ?? '' }))).toBe(
      '401 code_invalid',
    );
    const proved = await prove(system.api, begun);
    expect([proved.status, Date.parse(proved.body.movesAt) - system.clock.now().getTime()]).toEqual([
      200,
      expect.closeTo(WAIT_SECONDS * 1000, -5),
    ]);
    expect(kind(await prove(system.api, begun))).toBe('401 code_expired');

    system.clock.advance(WAIT_SECONDS - 60);
    await endWaits(system);
    expect([await stateOf(operator, id), (await new Person(system, phone).login()).status]).toEqual(['waiting', 401]);
    system.clock.advance(61);
    await endWaits(system);
    expect(await stateOf(operator, id)).toBe('moved');
    await noticed(system, person.phone, /no longer the number/);
    await noticed(system, phone, /now the number/);
    expect([await signsIn(phone, id), await signsIn(person.phone, id)]).toEqual([true, false]);
    expect(await actsOn(system, id)).toEqual([
      { event: 'phone_rebind_requested', meta: { by: 'client:development-admin', ...WHY } },
      { event: 'phone_rebind_started', meta: { by: 'client:development-admin', ...WHY } },
      { event: 'phone_rebind_completed', meta: { by: 'client:development-admin' } },
    ]);
    expect(await eventsOf(system, phone)).toEqual(
      expect.arrayContaining(['phone_rebind_code_requested', 'phone_rebind_proved']),
    );
    for (const secret of [begun.token, phone, person.phone]) expect(system.logs()).not.toContain(secret);
    expect(system.logs()).not.toMatch(new RegExp(`\\b${begun.code}\\b`));
  });

  it('tells the proved address as well, when it begins and when it is done, and counts the proof as no sign-in', async () => {
    const { tokens, id } = await newPerson();
    const email = nextAddress();
    const asked = await askedEmail(system, system.api, tokens, email);
    expect((await confirmEmail(system.api, tokens, asked.token, asked.code)).status).toBe(200);
    const shown = async () => (await operator.ask('GET', `${USERS}/${id}`)).body;
    const { lastAuthenticatedAt } = await shown();
    system.clock.advance(60);
    const begun = await beginRebind(operator, id, nextPhone());
    await system.mailbox.mailFor(email, ({ text }) => /another number.*Sign in/.test(text));
    expect((await prove(system.api, begun)).status).toBe(200);
    expect((await shown()).lastAuthenticatedAt).toBe(lastAuthenticatedAt);
    await wait();
    await system.mailbox.mailFor(email, ({ text }) => /number of your .* was changed/.test(text));
  });

  it.each([1, 2])(
    'A74: begun for %i numbers in turn, is stopped from a device that was trusted before, though strangers let nobody sign in by trying passwords',
    async (numbers) => {
      const person = new Person(system, nextPhone());
      const { tokens, device } = await withDevice(person);
      const id = String(tokens.user['id']);
      let begun = await beginRebind(operator, id, nextPhone());
      if (numbers === 2) begun = await beginRebind(operator, id, nextPhone());
      expect((await prove(system.api, begun)).status).toBe(200);
      system.clock.advance(31);
      for (let n = 0; n < 6; n += 1) await new Person(system, person.phone, `wrong ${n}`).login();
      expect((await person.login()).status).toBe(401);
      const after = await system.phone.newest(person.phone);
      const { body } = await loginFrom(person, device);
      const code = await system.phone.codeFor(person.phone, { after });
      expect((await person.verify(body.challengeToken ?? '', code)).status).toBe(200);
      expect(await stateOf(operator, id)).toBe('stopped');
      for (let n = 0; n < 6; n += 1) await new Person(system, person.phone, `wrong ${n}`).login();
      await operator.endSessions(id);
      expect(cameTo(await loginFrom(person, device))).toBe('401 credentials_invalid');
    },
  );

  it('is stopped by whoever signs in with the old number, before or after the code', async () => {
    for (const early of [true, false]) {
      const { person, id } = await newPerson();
      const phone = nextPhone();
      const begun = await beginRebind(operator, id, phone);
      if (early) expect(await signsIn(person.phone, id)).toBe(true);
      expect((await prove(system.api, begun)).status).toBe(200);
      if (!early) expect(await signsIn(person.phone, id)).toBe(true);
      expect(await stateOf(operator, id)).toBe('stopped');
      await wait();
      expect([await stateOf(operator, id), await signsIn(person.phone, id)]).toEqual(['stopped', true]);
      expect(await eventsOf(system, person.phone)).toContain('phone_rebind_stopped');
    }
  });

  it.each([
    ['disabled', (id: string) => operator.act(id, 'disable')],
    ['signed out by an operator', (id: string) => operator.endSessions(id)],
  ])('ends with any credential event: its account %s', async (_, end) => {
    const { person, id } = await newPerson();
    const phone = nextPhone();
    const begun = await beginRebind(operator, id, phone);
    await end(id);
    expect((await prove(system.api, begun)).status).toBe(401);
    await operator.act(id, 'enable');
    system.clock.advance(31);
    const again = await beginRebind(operator, id, phone);
    expect((await prove(system.api, again)).status).toBe(200);
    await end(id);
    await wait();
    expect(await stateOf(operator, id)).toBe('stopped');
    await operator.act(id, 'enable');
    expect(await signsIn(person.phone, id)).toBe(true);
    const ended = (await eventsOf(system, person.phone)).filter((event) => /rebind_(cancelled|stopped)/.test(event));
    expect(ended).toEqual(['phone_rebind_stopped', 'phone_rebind_stopped']);
  });

  it('called off moves nothing, takes no code, and can be begun again; for another number the first is called off', async () => {
    const { person, id } = await newPerson();
    const [one, two] = [nextPhone(), nextPhone()];
    const first = await beginRebind(operator, id, one);
    const second = await beginRebind(operator, id, two);
    expect(kind(await prove(system.api, first))).toBe('401 code_expired');
    expect((await prove(system.api, second)).status).toBe(200);
    expect((await operator.ask('DELETE', `${USERS}/${id}/rebind-phone`)).status).toBe(204);
    expect(kind(await operator.ask('DELETE', `${USERS}/${id}/rebind-phone`))).toBe('404 not_found');
    await wait();
    expect([await stateOf(operator, id), await signsIn(person.phone, id)]).toEqual(['cancelled', true]);
    expect(await eventsOf(system, person.phone)).toContain('phone_rebind_cancelled');
    system.clock.advance(31);
    const third = await beginRebind(operator, id, one);
    expect((await prove(system.api, third)).status).toBe(200);
    await wait();
    expect([await stateOf(operator, id), await signsIn(one, id)]).toEqual(['moved', true]);
  });

  it('repeated sends another code and changes nothing else; unproved it ends after a week', async () => {
    const { person, id } = await newPerson();
    const phone = nextPhone();
    await beginRebind(operator, id, phone);
    system.clock.advance(31);
    const again = await beginRebind(operator, id, phone);
    const requested = (await actsOn(system, id)).filter(({ event }) => event === 'phone_rebind_requested');
    expect([requested.length, await stateOf(operator, id)]).toEqual([1, 'needs_code']);
    system.clock.advance(7 * 86_400 + 1);
    await endWaits(system);
    expect(await stateOf(operator, id)).toBe('expired');
    expect((await prove(system.api, again)).status).toBe(401);
    expect(await signsIn(person.phone, id)).toBe(true);
  });
});

it('opens a second factor that a hundred wrong codes had closed, so that the code from the new number is taken', async () => {
  const { person, id } = await newPerson();
  await person.alter('second_factor_consecutive = 100');
  expect((await prove(system.api, await beginRebind(operator, id, nextPhone()))).status).toBe(200);
});

describe('a number', () => {
  it('that is the account’s own is refused, and so is any for an account that is disabled', async () => {
    const { person, id } = await newPerson();
    const own = await askRebind(operator, id, person.phone);
    expect([own.status, own.body.errors]).toEqual([409, [{ pointer: '/phone', code: 'unchanged' }]]);
    await operator.act(id, 'disable');
    const disabled = await askRebind(operator, id, nextPhone());
    expect([disabled.status, disabled.body.errors]).toEqual([409, [{ pointer: '/status', code: 'disabled' }]]);
  });

  it('that somebody uses is refused, that of an idle account moves, and one that was taken meanwhile stays with who has it', async () => {
    const { id } = await newPerson();
    const other = await newPerson();
    const taken = await askRebind(operator, id, other.person.phone);
    expect([taken.status, taken.body.errors]).toEqual([409, [{ pointer: '/phone', code: 'taken' }]]);
    expect(kind(await askRebind(operator, id, '+1999'))).toBe('422 phone_not_supported');

    system.clock.advance(91 * 86_400);
    const idle = await beginRebind(operator, id, other.person.phone);
    expect((await prove(system.api, idle)).status).toBe(200);
    await wait();
    expect(await signsIn(other.person.phone, id)).toBe(true);

    const phone = nextPhone();
    const begun = await beginRebind(operator, id, phone);
    await prove(system.api, begun);
    await new Person(system, phone).joined();
    await wait();
    expect([await stateOf(operator, id), await signsIn(other.person.phone, id)]).toEqual(['taken', true]);
    expect(await eventsOf(system, other.person.phone)).toContain('phone_rebind_conflict');
  });

  it('is moved by scope admin only, of accounts that exist, for a reason', async () => {
    const { tokens, id } = await newPerson();
    const phone = nextPhone();
    expect(kind(await new Operator(system, tokens.accessToken).act(id, 'rebind-phone', { phone, ...WHY }))).toBe(
      '401 token_type_invalid',
    );
    expect(kind(await operator.act('00000000-0000-4000-8000-000000000000', 'rebind-phone', { phone, ...WHY }))).toBe(
      '404 not_found',
    );
    const without = await operator.act(id, 'rebind-phone', { phone });
    expect([without.status, without.body.errors]).toEqual([400, [{ pointer: '/reason', code: 'required' }]]);
    expect((await refreshAt(system.api, tokens)).status).toBe(200);
    const session = await new Person(system, phone).challenged('register');
    expect(kind(await prove(system.api, session))).toBe('401 token_type_invalid');
  });
});
