// A71 where a vendor checks the code: it says yes once, so a second factor that is missing or wrong then does not cost the person the
// code, and the vendor is not asked again (design D7, protocol.md 5).
import { forgotten, kind, NEW_PASSWORD, resetAt } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { brokenRules } from '../../support/ledger';
import { Person, phoneNumbers, wrongCodes } from '../../support/person';
import { requestsTo } from '../../support/simulator-control';
import { AuthenticatorApp } from '../../support/totp';

const provider = 'infobip-2fa';
const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({ provider, env: { LIMIT_SMS_DESTINATION: 'off', JWT_ISSUER: 'https://id.example' } });
});
afterAll(() => system.stop());

const asked = async () => (await requestsTo(system, provider)).filter(({ path }) => path.endsWith('/verify')).length;

it('the vendor is asked about the code once, whatever is presented beside it', async () => {
  const person = new Person(system, nextPhone());
  const app = await AuthenticatorApp.enrolled(person, (await person.joined()).accessToken);
  const { token, code } = await forgotten(person);
  const [wrong] = wrongCodes(code, 1) as [string];
  const reset = (entered: string, besides = {}) => resetAt(system.api, token, entered, NEW_PASSWORD, besides);

  expect((await reset(wrong, { totpCode: app.code() })).body).toMatchObject({ code: 'code_invalid', attemptsLeft: 4 });
  const before = await asked();
  expect((await reset(code)).body).toMatchObject({ code: 'second_factor_required', methods: ['totp'] });
  expect((await person.status(token)).attemptsLeft).toBe(4);
  expect((await reset(code, { totpCode: app.wrong() })).body).toMatchObject({ code: 'code_invalid', attemptsLeft: 3 });
  expect(kind(await reset(code, { totpCode: app.code() }))).toBe('204');
  expect((await asked()) - before).toBe(1);
  expect(kind(await reset(code, { totpCode: app.code(1) }))).toBe('401 code_expired');
});

it('a wrong second factor beside the right code counts once, and the right one at once is enough', async () => {
  const person = new Person(system, nextPhone());
  const app = await AuthenticatorApp.enrolled(person, (await person.joined()).accessToken);
  const first = await forgotten(person);
  const wrong = await resetAt(system.api, first.token, first.code, NEW_PASSWORD, { totpCode: app.wrong() });
  expect(wrong.body).toMatchObject({ code: 'code_invalid', attemptsLeft: 4 });
  const failed =
    'SELECT cardinality(b.fails) AS n FROM failure_budgets b JOIN otp_attempts c ON c.budget_key = b.key WHERE c.phone = $1 AND c.purpose = $2';
  expect((await system.database.query(failed, [person.phone, 'reset'])).rows).toEqual([{ n: 1 }]);
  expect(kind(await resetAt(system.api, first.token, first.code, NEW_PASSWORD, { totpCode: app.code() }))).toBe('204');
  system.clock.advance(31);
  const next = await forgotten(person);
  expect(kind(await resetAt(system.api, next.token, next.code, NEW_PASSWORD, { totpCode: app.code() }))).toBe('204');
  expect(await brokenRules(system.database)).toEqual({});
});
