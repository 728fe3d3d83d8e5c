// F38: two versions side by side, one of them set otherwise: another cost of hashes, another key of the ring first, another rule for
// passwords. Each lets in whom the other has taken in, and no stored hash ever gets cheaper.
import { startSystem, type System } from '../../support/instance';
import { PASSWORD, Person, phoneNumbers } from '../../support/person';
import { ring } from '../../support/refused-configurations';

const nextPhone = phoneNumbers();
const [k1, k2] = [ring().slice(3), ring().slice(3)];
/** Instance 0 is dear, on the old key, and takes passwords of eight; instance 1 is cheap, on the new one, and wants twenty. */
const [DEAR, CHEAP] = [0, 1];
const SETTINGS = [
  { BCRYPT_COST: '6', SECRET_KEYS: `k1:${k1},k2:${k2}`, PASSWORD_MIN_LENGTH: '8' },
  { BCRYPT_COST: '4', SECRET_KEYS: `k2:${k2},k1:${k1}`, PASSWORD_MIN_LENGTH: '20' },
] as const;
const SHORT = 'zq7-vellum';
let system: System;

beforeAll(async () => {
  system = await startSystem({ instances: 2, env: { JWT_ISSUER: 'https://id.example', ...SETTINGS[DEAR] } });
  await system.restart(CHEAP, SETTINGS[CHEAP]);
});
afterAll(() => system.stop());

const at = (phone: string, instance: number, password = PASSWORD) =>
  new Person(system, phone, password, system.apis[instance]);

async function stored(phone: string): Promise<{ kid: string; cost: number }> {
  const { rows } = await system.database.query<{ hash: string }>(
    'SELECT password_hash AS hash FROM users WHERE phone = $1',
    [phone],
  );
  const [, kid = '', , , cost = ''] = (rows[0]?.hash ?? '').split('$');
  return { kid, cost: Number(cost) };
}

it.each([
  ['dear', 'cheap', DEAR, CHEAP],
  ['cheap', 'dear', CHEAP, DEAR],
] as const)(
  'F38: who joined at the %s instance signs in at the %s one, and at both again',
  async (_, __, one, other) => {
    const phone = nextPhone();
    await at(phone, one).joined();
    for (const instance of [other, one, other]) await at(phone, instance).again();
    const wrong = await at(phone, other, `${PASSWORD}!`).login();
    expect([wrong.status, wrong.body.code]).toEqual([401, 'credentials_invalid']);
  },
);

it('F38: a hash moves to the key that is first, and keeps its cost where this instance would have made a cheaper one', async () => {
  const phone = nextPhone();
  await at(phone, DEAR).joined();
  expect(await stored(phone)).toEqual({ kid: 'k1', cost: 6 });
  await at(phone, CHEAP).again();
  expect(await stored(phone)).toEqual({ kid: 'k2', cost: 6 });
});

it('F38: a cheap hash becomes dear where it is dear, once', async () => {
  const phone = nextPhone();
  await at(phone, CHEAP).joined();
  expect((await stored(phone)).cost).toBe(4);
  await at(phone, DEAR).again();
  expect((await stored(phone)).cost).toBe(6);
  await at(phone, CHEAP).again();
  expect((await stored(phone)).cost).toBe(6);
});

it('F38: a rule for passwords concerns new ones: a short one that the other instance took is let in', async () => {
  const phone = nextPhone();
  await at(phone, DEAR, SHORT).joined();
  const refused = await at(nextPhone(), CHEAP, SHORT).register();
  expect([refused.status, refused.body.code]).toEqual([422, 'password_too_short']);
  await at(phone, CHEAP, SHORT).again();
});
