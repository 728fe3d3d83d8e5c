// A reset that an operator has started is the way in for somebody whom strangers keep from all others: what those do to a number must not
// keep its owner from this one (A74, A76).
import { askReset, forgotten, kind, resetAt } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { limitsOff } from '../../support/limits';
import { newAccount, Operator } from '../../support/operator';
import { type Person, phoneNumbers, wrongCodes } from '../../support/person';

const nextPhone = phoneNumbers();
let system: System;
let operator: Operator;

beforeAll(async () => {
  system = await startSystem({
    env: {
      ...limitsOff('LIMIT_UNAUTHENTICATED', 'LIMIT_RESET_ADDRESS', 'LIMIT_REGISTER_ADDRESS', 'LIMIT_FACTOR_ADDRESS'),
      LIMIT_FACTOR_ACCOUNT: '10/1h',
      LIMIT_RESET_DESTINATION: '3/1h',
      LIMIT_SMS_DESTINATION: '4/10m',
    },
  });
  operator = new Operator(system);
});
afterAll(() => system.stop());

async function started({ phone }: Person, id: string): Promise<{ token: string; code: string }> {
  const after = await system.phone.newest(phone);
  const { status, text, body } = await operator.act(id, 'start-reset');
  if (status !== 202) throw new Error(`start-reset: ${status} ${text}`);
  return { token: body.challengeToken, code: await system.phone.codeFor(phone, { after }) };
}

/** Ten wrong codes in an hour, by somebody who knows the number and nothing else. */
async function closeResets(person: Person): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) {
    const { token, code } = await forgotten(person);
    for (const wrong of wrongCodes(code, 5)) await resetAt(system.api, token, wrong);
    system.clock.advance(31);
  }
}

it('A74: strangers who have closed the resets of a number by wrong codes have not closed one that an operator starts', async () => {
  const { person, id } = await newAccount(system, nextPhone());
  await closeResets(person);
  const { token, code } = await forgotten(person);
  expect(kind(await resetAt(system.api, token, code))).toBe('429 second_factor_locked');
  system.clock.advance(600);
  const begun = await started(person, id);
  expect(kind(await resetAt(system.api, begun.token, begun.code))).toBe('204');
});

it('A05, A74: wrong codes close it as well, hour by hour, and none of the resets that others ask for', async () => {
  const { person, id } = await newAccount(system, nextPhone());
  for (let turn = 0; turn < 2; turn += 1) {
    const { token, code } = await started(person, id);
    for (const wrong of wrongCodes(code, 5))
      expect(kind(await resetAt(system.api, token, wrong))).toBe('401 code_invalid');
    system.clock.advance(31);
  }
  const last = await started(person, id);
  expect(kind(await resetAt(system.api, last.token, last.code))).toBe('429 second_factor_locked');
  system.clock.advance(600);
  const own = await forgotten(person);
  expect(kind(await resetAt(system.api, own.token, own.code))).toBe('204');
});

it('A76: the messages that strangers have used up are not those of a reset that an operator starts: three in an hour', async () => {
  const { person, id } = await newAccount(system, nextPhone());
  for (let turn = 0; turn < 4; turn += 1) {
    await askReset(system.api, person.phone);
    await person.register();
    system.clock.advance(31);
  }
  let last = await started(person, id);
  for (let turn = 1; turn < 3; turn += 1) {
    system.clock.advance(31);
    last = await started(person, id);
  }
  system.clock.advance(31);
  const refused = await operator.act(id, 'start-reset');
  expect(kind(refused)).toBe('429 rate_limited');
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(600);
  expect(kind(await resetAt(system.api, last.token, last.code))).toBe('204');
});

it('A76: nor are they those of its resends, which draw on the same three', async () => {
  const { person, id } = await newAccount(system, nextPhone());
  for (let turn = 0; turn < 4; turn += 1) {
    await askReset(system.api, person.phone);
    await person.register();
    system.clock.advance(31);
  }
  const { token, code } = await started(person, id);
  for (const wait of [31, 61]) {
    system.clock.advance(wait);
    const after = await system.phone.newest(person.phone);
    expect(kind(await person.resend(token))).toBe('202');
    expect(await system.phone.codeFor(person.phone, { after })).toBe(code);
  }
  system.clock.advance(121);
  expect(kind(await person.resend(token))).toBe('429 rate_limited');
  expect(kind(await resetAt(system.api, token, code))).toBe('204');
});
