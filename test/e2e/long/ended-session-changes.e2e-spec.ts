// A session that has ended changes nothing any more, also by a code that it asked for before (N4, A42): the owner who ends a stranger's session
// keeps the account. Ending one session raises no epoch, so the statement of the change must look at the session.
import { untilMet, untilWaiting } from '../../races/burst';
import type { ApiClient, ProblemBody, TokensBody } from '../../support/api-client';
import {
  changePassword,
  eventsOf,
  kind,
  meAt,
  NEW_PASSWORD,
  opens,
  refreshAt,
  withCode,
} from '../../support/credentials';
import { addresses, askedEmail, confirmEmail } from '../../support/emails';
import { startSystem, type System } from '../../support/instance';
import { whileHeld } from '../../support/locks';
import { until } from '../../support/patience';
import { newcomer, PASSWORD, Person, phoneNumbers } from '../../support/person';
import { endAt, sessionIdOf } from '../../support/sessions';
import { clearFault, requestsTo, setFault } from '../../support/simulator-control';

const env = { JWT_ISSUER: 'https://id.example', LIMIT_UNAUTHENTICATED: 'off', LIMIT_SMS_DESTINATION: 'off' };

const confirmPhone = (api: ApiClient, { accessToken }: TokensBody, challengeToken: string, code: string) =>
  api.post<ProblemBody>('/v1/users/me/phone/confirm', { challengeToken, code }, { token: accessToken });

const leave = (api: ApiClient, { accessToken }: TokensBody) =>
  api.request<ProblemBody>('DELETE', '/v1/users/me', undefined, { token: accessToken });

const endOthersAt = (api: ApiClient, { accessToken }: TokensBody) =>
  api.request<ProblemBody>('DELETE', '/v1/auth/sessions', undefined, { token: accessToken });

/** Somebody, and a second session of theirs that they did not begin. */
async function robbed(system: System, phone: string) {
  const { person, tokens: owner } = await newcomer(system, phone);
  return { person, owner, thief: await person.again() };
}

async function keptBy(system: System, owner: TokensBody): Promise<{ phone: string; email: string | null }> {
  expect((await refreshAt(system.api, owner)).status).toBe(200);
  const { rows } = await system.database.query<{ phone: string; email: string | null }>(
    'SELECT phone, email FROM users WHERE id = $1',
    [owner.user['id']],
  );
  return rows[0] ?? { phone: 'no account', email: null };
}

describe('where another instance still takes the session for living', () => {
  const nextPhone = phoneNumbers();
  const nextAddress = addresses();
  let system: System;
  let here: ApiClient;
  let there: ApiClient;

  beforeAll(async () => {
    system = await startSystem({ instances: 2, mail: true, env });
    [here, there] = system.both;
  });
  afterAll(() => system.stop());

  it('it moves no number', async () => {
    const { person, owner, thief } = await robbed(system, nextPhone());
    const phone = nextPhone();
    const ask = () => there.post<never>('/v1/users/me/phone', { phone }, { token: thief.accessToken });
    const { token, code } = await withCode(new Person(system, phone), ask);
    expect((await meAt(there, thief)).status).toBe(200);
    expect((await endAt(here, owner, sessionIdOf(thief))).status).toBe(204);
    expect(kind(await confirmPhone(there, thief, token, code))).toBe('401 token_invalid');
    expect((await eventsOf(system, person.phone)).at(-1)).toBe('otp_success');
    expect(await keptBy(system, owner)).toEqual({ phone: person.phone, email: null });
  });

  it('it proves no address', async () => {
    const { person, owner, thief } = await robbed(system, nextPhone());
    const { token, code } = await askedEmail(system, there, thief, nextAddress());
    expect((await meAt(there, thief)).status).toBe(200);
    expect((await endAt(here, owner, sessionIdOf(thief))).status).toBe(204);
    expect(kind(await confirmEmail(there, thief, token, code))).toBe('401 token_invalid');
    expect(await keptBy(system, owner)).toEqual({ phone: person.phone, email: null });
  });

  it('it changes no password, though its current one is being looked at', () =>
    untilMet(async () => {
      const { person, owner, thief } = await robbed(system, nextPhone());
      await changePassword(there, thief.accessToken, 'not-the-password-41'); // from now on it is counted in a row, which can be held
      const hold = 'SELECT FROM failure_budgets FOR UPDATE';
      const [changed] = await whileHeld(system.database, [hold], async () => {
        const changing = changePassword(there, thief.accessToken, PASSWORD);
        await untilWaiting(system, 1);
        expect((await endAt(here, owner, sessionIdOf(thief))).status).toBe(204);
        return [changing] as const;
      });
      expect(kind(await changed)).toBe('401 credentials_invalid');
      expect([await opens(person, PASSWORD), await opens(person, NEW_PASSWORD)]).toEqual([true, false]);
      expect(await keptBy(system, owner)).toEqual({ phone: person.phone, email: null });
    }));

  it.each([
    ['it changes no password', ({ accessToken }: TokensBody) => changePassword(there, accessToken, PASSWORD)],
    ['it deletes no account', (thief: TokensBody) => leave(there, thief)],
    ['it enrols no app', ({ accessToken }: TokensBody) => there.post('/v1/users/me/totp', {}, { token: accessToken })],
    ['it ends no other session', (thief: TokensBody) => endOthersAt(there, thief)],
  ] as const)('%s, though it was ended while the statement waited for the account', (_, act) =>
    untilMet(async () => {
      const { person, owner, thief } = await robbed(system, nextPhone());
      const hold = `SELECT FROM users WHERE phone = '${person.phone}' FOR UPDATE`;
      const [answer] = await whileHeld(system.database, [hold], async () => {
        const acting = act(thief);
        await untilWaiting(system, 1);
        expect((await endAt(here, owner, sessionIdOf(thief))).status).toBe(204);
        return [acting] as const;
      });
      expect((await answer).status).toBe(401);
      expect([await opens(person, PASSWORD), await opens(person, NEW_PASSWORD)]).toEqual([true, false]);
      expect(await keptBy(system, owner)).toEqual({ phone: person.phone, email: null });
    }),
  );
});

describe('while a vendor is asked about the code', () => {
  const PROVIDER = 'twilio-verify';
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ provider: PROVIDER, env });
  });
  afterAll(() => system.stop());

  it('it moves no number', async () => {
    const { person, owner, thief } = await robbed(system, nextPhone());
    const newcomer = new Person(system, nextPhone());
    const ask = () =>
      system.api.post<never>('/v1/users/me/phone', { phone: newcomer.phone }, { token: thief.accessToken });
    const { token, code } = await withCode(newcomer, ask);
    const asked = async () => (await requestsTo(system, PROVIDER, 'POST')).length;
    const before = await asked();
    await setFault(system, PROVIDER, { kind: 'delay', ms: 1500 });
    const confirming = confirmPhone(system.api, thief, token, code);
    await until(async () => (await asked()) > before, 'the vendor is asked about the code');
    expect((await endAt(system.api, owner, sessionIdOf(thief))).status).toBe(204);
    expect(kind(await confirming)).toBe('401 token_invalid');
    await clearFault(system, PROVIDER);
    expect(await keptBy(system, owner)).toEqual({ phone: person.phone, email: null });
  });
});
