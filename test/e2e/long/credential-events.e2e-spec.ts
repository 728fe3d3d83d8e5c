// A42, A53, A67, A69, A71, A73, A78: after every change of a credential nothing that stood before is good for anything: one event per row,
// one kind of thing that is outstanding per line. The session that asked stays, where there is one.
import type { ApiAnswer, ProblemBody } from '../../support/api-client';
import {
  askReset,
  askStepUp,
  changePassword,
  kind,
  meAt,
  NEW_PASSWORD,
  refreshAt,
  resetAt,
  withCode,
} from '../../support/credentials';
import { cameTo, devicesOf, loginFrom } from '../../support/devices';
import { addresses, type AskedByMail, askedEmail, confirmEmail } from '../../support/emails';
import { byRecoveryCode, loginToken, recoveryCodes } from '../../support/factors';
import { startSystem, type System } from '../../support/instance';
import { limitsOff } from '../../support/limits';
import { Operator } from '../../support/operator';
import { Person, phoneNumbers } from '../../support/person';
import { AuthenticatorApp, confirm, enrol, remove } from '../../support/totp';

const nextPhone = phoneNumbers();
const nextAddress = addresses();
let system: System;

beforeAll(async () => {
  const env = limitsOff(
    'LIMIT_UNAUTHENTICATED',
    'LIMIT_SMS_DESTINATION',
    'LIMIT_RESET_ADDRESS',
    'LIMIT_REGISTER_ADDRESS',
  );
  system = await startSystem({ mail: true, env: { ...env, JWT_ISSUER: 'https://id.example' } });
});
afterAll(() => system.stop());

interface Scene {
  readonly person: Person;
  /** Of the session that asks. */
  readonly token: string;
  readonly recovery: readonly string[];
}

type Event = (scene: Scene, prepared: unknown) => Promise<ApiAnswer<Partial<ProblemBody>>>;

/** What is done first, and how it is done; whether the session that asks lives on; the password and number afterwards. */
const events: Readonly<
  Record<
    string,
    {
      prepare?: (scene: Scene) => Promise<unknown>;
      run: Event;
      stays: boolean;
      password?: string;
      phone?: () => string;
    }
  >
> = {
  'a password change': {
    run: ({ person, token }) => changePassword(system.api, token, person.password),
    stays: true,
    password: NEW_PASSWORD,
  },
  'a password reset': {
    prepare: ({ person }) => withCode(person, () => askReset(system.api, person.phone)),
    run: ({ recovery }, prepared) => {
      const { token, code } = prepared as { token: string; code: string };
      return resetAt(system.api, token, code, NEW_PASSWORD, { recoveryCode: recovery[1] });
    },
    stays: false,
    password: NEW_PASSWORD,
  },
  'a change of the number': {
    prepare: async ({ token }) => {
      const { phone } = new Person(system, nextPhone());
      const ask = () => system.api.post<never>('/v1/users/me/phone', { phone }, { token });
      return { phone, ...(await withCode(new Person(system, phone), ask)) };
    },
    run: ({ token }, prepared) => {
      const { token: challengeToken, code } = prepared as { token: string; code: string };
      return system.api.post('/v1/users/me/phone/confirm', { challengeToken, code }, { token });
    },
    stays: true,
  },
  'a new authenticator app': {
    prepare: async ({ person, token }) => new AuthenticatorApp(person, (await enrol(person, token)).body.secret),
    run: ({ person, token }, app) => confirm(person, token, (app as AuthenticatorApp).code()),
    stays: true,
  },
  'a sign-in with a recovery code': {
    prepare: ({ person }) => loginToken(person),
    run: ({ person, recovery }, token) => byRecoveryCode(person, token as string, recovery[1] ?? ''),
    stays: false,
  },
  'a proved e-mail address': {
    prepare: ({ token }) => askedEmail(system, system.api, { accessToken: token }, nextAddress()),
    run: ({ token }, asked) => {
      const { token: challengeToken, code } = asked as AskedByMail;
      return confirmEmail(system.api, { accessToken: token }, challengeToken, code);
    },
    stays: true,
  },
  'an operator’s disabling, though it was undone': {
    run: async ({ token }) => {
      const operator = new Operator(system);
      const { body } = await meAt(system.api, { accessToken: token });
      const { id } = body as unknown as { id: string };
      await operator.act(id, 'disable');
      return operator.act(id, 'enable');
    },
    stays: false,
  },
  'a logout everywhere': { run: ({ token }) => system.api.post('/v1/auth/logout-all', {}, { token }), stays: false },
};

/** Everything a person, or somebody with their password, may hold; each says afterwards what it is good for. */
async function outstanding(person: Person, own: string) {
  const asked = (ask: Parameters<typeof withCode>[1], at = person) => {
    system.clock.advance(31);
    return withCode(at, ask);
  };
  system.clock.advance(31);
  const other = await person.challenged('login');
  const { body: theirs } = await person.verify(other.token, other.code, { trustDevice: true });
  const { secret } = (await enrol(person, theirs.accessToken)).body;
  const stepUp = await asked(() => askStepUp(system.api, own, person.password));
  const reset = await asked(() => askReset(system.api, person.phone));
  const next = new Person(system, nextPhone());
  const move = await asked(() => system.api.post('/v1/users/me/phone', { phone: next.phone }, { token: own }), next);
  system.clock.advance(31);
  const login = await person.challenged('login');
  const confirmMove = (token: string) =>
    system.api.post<ProblemBody>(
      '/v1/users/me/phone/confirm',
      { challengeToken: move.token, code: move.code },
      { token },
    );
  return { theirs, secret, stepUp, reset, login, confirmMove, device: theirs.trustedDeviceToken ?? '' };
}

it.each(Object.keys(events))('A42: after %s nothing of before is good for anything', async (name) => {
  const { prepare, run, stays, password } = events[name]!;
  const person = new Person(system, nextPhone());
  const { accessToken: token } = await person.joined();
  const recovery = await recoveryCodes(person, token);
  const held = await outstanding(person, token);
  const scene = { person, token, recovery };
  system.clock.advance(31);
  const prepared = await prepare?.(scene);
  const { status, text } = await run(scene, prepared);
  expect([[200, 204].includes(status), text]).toEqual([true, expect.anything()]);

  const { phone = person.phone } = (prepared ?? {}) as { phone?: string };
  const after = new Person(system, phone, password ?? person.password);
  const app = new AuthenticatorApp(person, held.secret);
  const dead = '401 token_invalid';
  expect({
    ownSession: (await meAt(system.api, { accessToken: token })).status,
    accessToken: kind(await meAt(system.api, held.theirs)),
    refreshToken: kind(await refreshAt(system.api, held.theirs)),
    trustedDevice: cameTo(await loginFrom(after, held.device)),
    loginChallenge: kind(await person.verify(held.login.token, held.login.code)),
    stepUpChallenge: kind(await person.verify(held.stepUp.token, held.stepUp.code)),
    resetChallenge: kind(await resetAt(system.api, held.reset.token, held.reset.code, 'a third one, then')),
    phoneChange: kind(await held.confirmMove(held.theirs.accessToken)),
    resend: kind(await person.resend(held.login.token)),
  }).toEqual({
    ownSession: stays ? 200 : 401,
    accessToken: dead,
    refreshToken: dead,
    trustedDevice: 'challenge',
    loginChallenge: '401 code_expired',
    stepUpChallenge: '401 code_expired',
    // Whoever holds it may be a stranger, and is told nothing of it.
    resetChallenge: '401 code_invalid',
    phoneChange: dead,
    resend: '401 code_expired',
  });
  if (!stays) return;
  expect(await devicesOf(system.api, token)).toEqual([]);
  expect(kind(await held.confirmMove(token))).toBe('401 code_expired');
  // An app that was begun with before: its secret may be somebody else's.
  if (name !== 'a new authenticator app')
    expect(kind(await confirm(person, token, app.code()))).toBe('401 code_expired');
});

it('A42: after the end of an authenticator app nothing of before is good for anything', async () => {
  const person = new Person(system, nextPhone());
  const { accessToken: token } = await person.joined();
  const app = await AuthenticatorApp.enrolled(person, token);
  const verified = await person.verify(await loginToken(person), app.code(), { method: 'totp', trustDevice: true });
  const pending = await loginToken(person);
  expect(kind(await remove(person, token))).toBe('204');
  expect(kind(await meAt(system.api, verified.body))).toBe('401 token_invalid');
  expect(cameTo(await loginFrom(person, verified.body.trustedDeviceToken ?? ''))).toBe('challenge');
  expect(kind(await person.verify(pending, app.code(1), { method: 'totp' }))).toBe('401 code_expired');
});
