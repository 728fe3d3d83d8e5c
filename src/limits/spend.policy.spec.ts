// The rows of security.md 5.4 about messages, each as the counters it takes: which message draws on what, and who is left alone.
// What the counters then do is shown over HTTP (test/threats/long/spend-*.e2e-spec.ts).
import { Limit } from '../config/limit';
import { parsePrices } from './prices';
import { type SpendRules, spends, unverifiedBudgets } from './spend.policy';
import type { SpendShare } from './spending.types';

const rules: SpendRules = {
  LIMIT_SMS_ADDRESS: Limit.of('10/1h'),
  LIMIT_SMS_NEW_NUMBERS: Limit.of('30/1h'),
  LIMIT_SMS_PREFIX: Limit.of('20/1h'),
  LIMIT_SMS_UNVERIFIED: Limit.of('50/1d,30/1h'),
  LIMIT_SMS_COUNTRY: Limit.of('500/1d'),
  LIMIT_SMS_GLOBAL: Limit.of('1000/1h,10000/1d'),
  prices: parsePrices('GB=0.04,telnyx:GB=0.06') ?? new Map<string, number>(),
};
const phone = '+447911123456';

describe('what a message is held against until its code is entered', () => {
  const of = (unproved: boolean, address: string | null, changed: Partial<SpendRules> = {}) =>
    unverifiedBudgets({ phone, unproved }, 'GB', address, { ...rules, ...changed });

  it('a stranger: address, new numbers of the address, country and prefix', () => {
    expect(of(true, '10.0.0.1').map(({ key }) => key)).toEqual([
      'address:10.0.0.1',
      'numbers:10.0.0.1',
      'country:GB',
      'prefix:44791112',
    ]);
  });

  it('a proved number: the address that asks, never its country or prefix, so that no attack on them reaches it', () => {
    expect(of(false, '10.0.0.1').map(({ key }) => key)).toEqual(['address:10.0.0.1']);
    expect(of(false, null)).toEqual([]);
  });

  it('an address: 10 an hour, widened by half of the codes entered, to 20 at the most; its own doing', () => {
    expect(of(false, 'a')[0]).toMatchObject({ counts: [10], seconds: [3600], share: 0.5, most: 20, own: true });
  });

  it('new numbers: one count for each number, however often it is sent to', () => {
    expect(of(true, 'a')[1]).toMatchObject({ counts: [30], seconds: [3600], phone, own: true });
  });

  it('a country: shorter window first; closes, lets good addresses and one at a time through, 60 a day at the most', () => {
    const country = { counts: [30, 50], seconds: [3600, 86_400], share: 0.5, most: 60, own: false };
    expect(of(true, null)[0]).toMatchObject({ ...country, closes: true, waivable: true, trickles: true });
  });

  it('a prefix: 20, then closed; nothing widens it and no address passes', () => {
    const prefix = { counts: [20], share: 0, most: null, own: false };
    expect(of(true, null)[1]).toMatchObject({ ...prefix, closes: true, waivable: false, trickles: false });
  });

  it('what is off is not counted', () => {
    const off = { LIMIT_SMS_ADDRESS: Limit.of('off'), LIMIT_SMS_PREFIX: Limit.of('off') };
    expect(of(true, 'a', off).map(({ key }) => key)).toEqual(['numbers:a', 'country:GB']);
  });
});

describe('what a message spends', () => {
  const of = (share: SpendShare, unproved: boolean, country = 'GB', changed: Partial<SpendRules> = {}) =>
    spends({ share, unproved }, country, { ...rules, ...changed }).map(({ scope, cap, amount, shards }) => {
      return [scope, cap, amount, shards];
    });

  it('half of it is for registrations, 40 % for logins, 10 % for resets; none spends of another', () => {
    expect(of('register', false)).toEqual([
      ['register/3600', 500, 1, 1],
      ['register/86400', 5000, 1, 16],
    ]);
    expect(of('login', false).map(([scope, cap]) => [scope, cap])).toEqual([
      ['login/3600', 400],
      ['login/86400', 4000],
    ]);
    expect(of('reset', false).map(([scope, cap]) => [scope, cap])).toEqual([
      ['reset/3600', 100],
      ['reset/86400', 1000],
    ]);
  });

  it('only a number that nobody has proved spends of its country', () => {
    expect(of('register', true)).toContainEqual(['country:GB/86400', 500, 1, 1]);
    expect(of('login', false).map(([scope]) => scope)).not.toContain('country:GB/86400');
  });

  it('money by the dearest price, split alike, in one row that holds exactly', () => {
    const money = { SMS_MONEY_PER_DAY: 100 };
    expect(of('login', false, 'GB', money)).toContainEqual(['money:login/86400', 400_000, 600, 1]);
    expect(of('login', false, 'FR', money).map(([scope]) => scope)).toEqual(['login/3600', 'login/86400']);
  });

  it('a share of a small number is one message at least', () => {
    expect(of('reset', false, 'FR', { LIMIT_SMS_GLOBAL: Limit.of('3/1h') })).toEqual([['reset/3600', 1, 1, 1]]);
  });
});
