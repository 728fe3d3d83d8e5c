// Whom an operator helps has no other way in. What others use up (strangers, or somebody who knows the password) must not keep them from it,
// nor from the sign-in after it, with the numbers of security.md 5.4 (A65, A66, A74, A76).
import { askReset, kind, NEW_PASSWORD, resetAt } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { limitsOff } from '../../support/limits';
import { Operator } from '../../support/operator';
import { Person } from '../../support/person';
import { beginRebind, prove } from '../../support/rebinds';
import {
  DAY_SECONDS,
  HOUR_SECONDS,
  kinds,
  nextBlock,
  numberIn,
  registrations,
  SPEND_LIMITS,
  strangerTo,
} from '../../support/strangers';

let system: System;
let operator: Operator;
beforeAll(async () => {
  system = await startSystem({
    env: {
      ...SPEND_LIMITS,
      ...limitsOff('LIMIT_UNAUTHENTICATED'),
      LIMIT_SMS_GLOBAL: '100/1h',
      LIMIT_RESET_DESTINATION: '3/1h',
    },
  });
  operator = new Operator(system);
});
afterAll(() => system.stop());
// Every case has its own hours, and a day behind it.
afterEach(() => system.clock.advance(2 * DAY_SECONDS));

const stranger = (phone: string) => strangerTo(system, phone);

/** Somebody in France, and the id that operators know them by. */
async function owner(): Promise<{ person: Person; id: string }> {
  const person = stranger(numberIn('FR', nextBlock(), 1));
  const { user } = await person.joined();
  system.clock.advance(31);
  return { person, id: String(user['id']) };
}

async function started({ phone }: Person, id: string): Promise<{ token: string; code: string }> {
  const after = await system.phone.newest(phone);
  const { status, text, body } = await operator.act(id, 'start-reset');
  if (status !== 202) throw new Error(`start-reset: ${status} ${text}`);
  return { token: body.challengeToken, code: await system.phone.codeFor(phone, { after }) };
}

/** As many sign-ins as are let through, by somebody who has the password and not the phone. */
async function signInsOfAThief({ phone }: Person): Promise<number> {
  const thief = stranger(phone);
  let sent = 0;
  while ((await thief.login()).status === 200) {
    sent += 1;
    system.clock.advance(31);
  }
  return sent;
}

describe('a reset that an operator starts', () => {
  it('A74, A76: is not held up by the sign-ins of somebody who knows the password, which use up the reserve of the number', async () => {
    const { person, id } = await owner();
    expect(await signInsOfAThief(person)).toBe(7);
    const { token, code } = await started(person, id);
    expect(kind(await resetAt(person.api, token, code))).toBe('204');
  });

  it('A65: leaves the owner a sign-in, when whoever knew the old password has used up the twelve messages of the account', async () => {
    const { person, id } = await owner();
    let sent = 0;
    for (let hour = 0; hour < 3; hour += 1) {
      sent += await signInsOfAThief(person);
      system.clock.advance(HOUR_SECONDS);
    }
    expect(sent).toBe(12);
    const { token, code } = await started(person, id);
    expect(kind(await resetAt(person.api, token, code))).toBe('204');
    const back = new Person(system, person.phone, NEW_PASSWORD, person.api);
    expect((await back.again()).accessToken).toBeDefined();
  });

  it('A66: is not held up by resets that strangers ask for, which use up the share of resets', async () => {
    const { person, id } = await owner();
    const asked = [];
    for (let n = 0; n < 12; n += 1) {
      const { api, phone } = stranger(numberIn('GB', 100 + n, 1));
      asked.push(await askReset(api, phone));
    }
    expect(kinds(asked)).toEqual({ '202': 10, '503 sms_budget_exhausted': 2 });
    const { token, code } = await started(person, id);
    expect(kind(await resetAt(person.api, token, code))).toBe('204');
  });
});

describe('a move that an operator begins', () => {
  it('A66: is not held up by an attack on the country of the new number, which takes no strangers then', async () => {
    const { id } = await owner();
    const attack = await registrations(40, (n) => stranger(numberIn('DE', 100 + n, 7)));
    expect(kinds(attack)).toEqual({ '202': 30, '503 sms_budget_exhausted': 10 });
    const person = stranger(numberIn('DE', nextBlock(), 3));
    const begun = await beginRebind(operator, id, person.phone);
    system.clock.advance(31);
    expect((await person.resend(begun.token)).status).toBe(202);
    expect(kind(await prove(system.api, begun))).toBe('200');
  });

  it('A76: is not held up by strangers who use up the messages of the new number: three in an hour', async () => {
    const { id } = await owner();
    const phone = numberIn('US', nextBlock(), 3);
    const others = await registrations(5, () => stranger(phone));
    expect(kinds(others)).toEqual({ '202': 4, '429 rate_limited': 1 });
    for (let turn = 0; turn < 3; turn += 1) {
      system.clock.advance(31);
      await beginRebind(operator, id, phone);
    }
    system.clock.advance(31);
    await expect(beginRebind(operator, id, phone)).rejects.toThrow('rate_limited');
  });

  it('A76: nor is it when its code is asked for again', async () => {
    const { id } = await owner();
    const person = stranger(numberIn('US', nextBlock(), 3));
    expect(kinds(await registrations(5, () => person))).toEqual({ '202': 4, '429 rate_limited': 1 });
    system.clock.advance(31);
    const begun = await beginRebind(operator, id, person.phone);
    system.clock.advance(31);
    const after = await system.phone.newest(person.phone);
    expect(kind(await person.resend(begun.token))).toBe('202');
    expect(await system.phone.codeFor(person.phone, { after })).toBe(begun.code);
    expect(kind(await prove(system.api, begun))).toBe('200');
  });
});
