// The time of an answer tells nobody whether a number has an account (A54, A55), by the timing rule in samples.ts.
import { hashSync as argon2 } from '@node-rs/argon2';
import { PASSWORD, signUp } from '../../support/accounts';
import { ImportFolder, importUsers } from '../../support/import-file';
import { startSystem, type System } from '../../support/instance';
import { compared, expectAlike, interleaved } from './samples';

const wide = '1000000/1m';
const NUMBERS = 60;
let system: System;
beforeAll(async () => {
  const limits = [
    'PASSWORD_ACCOUNT',
    'PASSWORD_ADDRESS',
    'REGISTER_ADDRESS',
    'UNAUTHENTICATED',
    'SMS_DESTINATION',
    'SMS_ADDRESS',
    'SMS_PREFIX',
    'SMS_UNVERIFIED',
    'RESET_ADDRESS',
    'RESET_DESTINATION',
  ];
  system = await startSystem({
    mail: true,
    env: { BCRYPT_COST: '10', ...Object.fromEntries(limits.map((name) => [`LIMIT_${name}`, wide])) },
  });
});
afterAll(() => system.stop());

it('the rule sees what it should: another cost of 20 % is not alike, noise is', () => {
  const noise = (n: number) => 50 + ((n * 7919) % 100) / 20;
  const a = Array.from({ length: 280 }, (_, n) => noise(n));
  expect(
    compared(
      a,
      a.map((value, n) => value + (noise(n + 3) - 52) / 10),
    ).alike,
  ).toBe(true);
  expect(
    compared(
      a,
      a.map((value) => value * 1.2),
    ).alike,
  ).toBe(false);
});

it('a login with a wrong password: known, unknown, unproved, disabled (A54)', async () => {
  const phones = { known: '+14152070001', unknown: '+14152070002', unproved: '+14152070003', disabled: '+14152070004' };
  await signUp(system, phones.known);
  await signUp(system, phones.disabled);
  await system.database.query(`UPDATE users SET status = 'disabled' WHERE phone = $1`, [phones.disabled]);
  await system.api.post('/v1/auth/register', { phone: phones.unproved, password: PASSWORD });
  const attempt = (identifier: string) => async () => {
    const { status } = await system.api.post('/v1/auth/login', { identifier, password: 'wrong horse battery staple' });
    if (status !== 401) throw new Error(`a wrong password was answered with ${status}`);
  };
  expectAlike(
    await interleaved(Object.fromEntries(Object.entries(phones).map(([kind, phone]) => [kind, attempt(phone)]))),
  );
});

/** People whose address is proved, in the table alone: nobody needs its mail here. */
async function withAddresses(phones: readonly string[]): Promise<string[]> {
  const proved = `UPDATE users SET email = $2, email_verified_at = now() WHERE phone = $1`;
  for (const phone of phones) {
    await signUp(system, phone);
    await system.database.query(proved, [phone, addressOf(phone)]);
  }
  return phones.map(addressOf);
}
const addressOf = (phone: string) => `p${phone.slice(1)}@mail.example`;

it('a login by address with a wrong password: proved, unknown, of a number that went to somebody else (A54, A98)', async () => {
  const [known = '', released = ''] = await withAddresses(['+14152074001', '+14152074002']);
  await system.database.query('UPDATE users SET phone = NULL WHERE email = $1', [released]);
  const attempt = (identifier: string) => async () => {
    const { status } = await system.api.post('/v1/auth/login', { identifier, password: 'wrong horse battery staple' });
    if (status !== 401) throw new Error(`a wrong password was answered with ${status}`);
  };
  // A hundred wrong ones would disable the password: that is another case.
  const fresh = setInterval(() => void system.database.query('UPDATE users SET password_failures = 0'), 500);
  const times = await interleaved({
    known: attempt(known),
    unknown: attempt('nobody@mail.example'),
    released: attempt(released),
  }).finally(() => clearInterval(fresh));
  expectAlike(times);
});

it('a forgotten password, by address: proved, unknown, of a number that went to somebody else (A55, A98)', async () => {
  const numbers = (from: number) => Array.from({ length: NUMBERS }, (_, n) => `+1415207${from + n}`);
  const known = await withAddresses(numbers(5000));
  const released = await withAddresses(numbers(6000));
  await system.database.query('UPDATE users SET phone = NULL WHERE email = ANY ($1)', [released]);
  const unknown = numbers(7000).map((phone) => `nobody${phone.slice(1)}@mail.example`);
  let turn = 0;
  const attempt = (names: readonly string[]) => async () => {
    const identifier = names[(turn += 1) % NUMBERS] ?? '';
    const { status } = await system.api.post('/v1/auth/password/forgot', { identifier });
    if (status !== 202) throw new Error(`a forgotten password was answered with ${status}`);
  };
  expectAlike(await interleaved({ known: attempt(known), unknown: attempt(unknown), released: attempt(released) }));
});

it('a login with a wrong password while imported hashes wait: theirs, ours, unknown (A54)', async () => {
  const phones = { imported: '+14152073001', known: '+14152073002', unknown: '+14152073003' };
  const folder = new ImportFolder();
  const passwordHash = argon2(PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  await importUsers(system, folder.file('one.jsonl', [{ phone: phones.imported, passwordHash }]));
  folder.remove();
  await signUp(system, phones.known);
  system.clock.advance(61); // what waits is asked once a minute
  const attempt = (identifier: string) => async () => {
    const { status } = await system.api.post('/v1/auth/login', { identifier, password: 'wrong horse battery staple' });
    if (status !== 401) throw new Error(`a wrong password was answered with ${status}`);
  };
  await attempt(phones.unknown)();
  expectAlike(
    await interleaved(Object.fromEntries(Object.entries(phones).map(([kind, phone]) => [kind, attempt(phone)]))),
  );
});

it('a registration of a taken and of a free number (A55)', async () => {
  // Enough numbers that none is asked for more often than its turns allow.
  const owners = Array.from({ length: NUMBERS }, (_, n) => `+14152071${String(n).padStart(3, '0')}`);
  for (const owner of owners) await signUp(system, owner);
  let taken = 0;
  let free = 0;
  const attempt = (next: () => string) => async () => {
    const { status } = await system.api.post('/v1/auth/register', { phone: next(), password: PASSWORD });
    if (status !== 202) throw new Error(`a registration was answered with ${status}`);
  };
  expectAlike(
    await interleaved({
      free: attempt(() => `+14152072${String((free += 1) % NUMBERS).padStart(3, '0')}`),
      taken: attempt(() => owners[(taken += 1) % owners.length] ?? ''),
    }),
  );
});
