import { FRESH_SECONDS, heldForSeconds, isFresh } from './step-up.policy';

const now = new Date('2026-01-01T12:00:00Z');
const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);

describe('whether a session is fresh (A100)', () => {
  const sms = ['pwd', 'sms', 'mfa'];

  it.each<[string, number, readonly string[], boolean]>([
    ['is, for 10 minutes after password and code', FRESH_SECONDS, sms, true],
    ['is not, a second later', FRESH_SECONDS + 1, sms, false],
    ['is not after a password alone', 1, ['pwd'], false],
    ['is never by a trusted device', 1, ['pwd', 'td', 'mfa'], false],
    ['is, when another instance whose clock is ahead has just said so', -20, sms, true],
  ])('%s', (_, age, amr, expected) => {
    expect(isFresh({ authenticatedAt: ago(age), amr }, now)).toBe(expected);
  });
});

it('a reset by SMS alone holds changes back for the configured hours', () => {
  expect(heldForSeconds(null, 24, now)).toBe(0);
  expect(heldForSeconds(ago(86_399), 24, now)).toBe(1);
  expect(heldForSeconds(ago(86_400), 24, now)).toBe(0);
  expect(heldForSeconds(ago(1), 0, now)).toBe(0);
});
