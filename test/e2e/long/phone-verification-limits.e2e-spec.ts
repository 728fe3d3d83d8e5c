// "Verify this phone" for client apps, on two instances: what bounds the messages of an app, and the guesses at a number (A05, A22).
import { kind } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { Person, phoneNumbers, wrongCodes } from '../../support/person';
import { VerifyingApp } from '../../support/verifying-app';

const nextPhone = phoneNumbers();
let system: System;
let shop: VerifyingApp;

beforeAll(async () => {
  system = await startSystem({
    instances: 2,
    env: {
      LIMIT_UNAUTHENTICATED: 'off',
      LIMIT_VERIFICATIONS_CLIENT: '12/1h',
      LIMIT_FACTOR_ACCOUNT: '10/1h,20/1d',
    },
  });
  shop = await VerifyingApp.make(system);
});
afterAll(() => system.stop());

describe('limits', () => {
  it('of a client app bound what it has sent, exactly, on all instances; another app goes on', async () => {
    const busy = await VerifyingApp.make(system);
    const phone = nextPhone();
    const { token, code } = await busy.challenged(phone);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => busy.start(nextPhone(), {}, system.apis[at % 2])),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(11);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(new Set(refused.map(kind))).toEqual(new Set(['429 rate_limited']));
    // A code that was entered has been sent all the same.
    expect(kind(await busy.check(token, code))).toBe('200');
    system.clock.advance(31);
    const late = await busy.start(phone);
    expect(kind(late)).toBe('429 rate_limited');
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(3500);
    expect((await (await VerifyingApp.make(system)).start(nextPhone())).status).toBe(201);
    system.clock.advance(3601);
    expect((await busy.start(nextPhone())).status).toBe(201);
  });

  it('A05, A22: wrong codes count per number and client app, over all its challenges; no app closes a number for another', async () => {
    const [reckless, careful] = [await VerifyingApp.make(system), await VerifyingApp.make(system)];
    const phone = nextPhone();
    let last = { token: '', code: '' };
    for (let round = 0; round < 3; round += 1) {
      system.clock.advance(31);
      last = await reckless.challenged(phone);
      for (const wrong of wrongCodes(last.code, round < 2 ? 5 : 1)) await reckless.check(last.token, wrong);
    }
    const locked = await reckless.check(last.token, last.code);
    expect(kind(locked)).toBe('429 second_factor_locked');
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(3000);
    expect(kind(await new Person(system, phone).resend(last.token))).toMatch(/^429 /);
    system.clock.advance(31);
    const other = await careful.challenged(phone);
    expect(kind(await careful.check(other.token, other.code))).toBe('200');
  });

  it('A22: two challenges of one number at once: each has its own code, and its messages wait for those of the other', async () => {
    const phone = nextPhone();
    const [first, second] = [await shop.start(phone), await shop.start(phone)];
    expect([first.body.resendAfter, second.body.resendAfter]).toEqual([30, 60]);
    expect(await system.phone.messageFor(phone)).toBeDefined();
    expect(await system.phone.messages(phone)).toHaveLength(1);

    system.clock.advance(61);
    const person = new Person(system, phone);
    expect(kind(await person.resend(first.body.challengeToken))).toBe('202');
    const early = await person.resend(second.body.challengeToken);
    expect(kind(early)).toBe('429 rate_limited');
    expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(25);
  });
});
