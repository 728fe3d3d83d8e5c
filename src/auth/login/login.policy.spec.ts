import { isDelayed } from './login.policy';

const at = (seconds: number) => new Date(seconds * 1000);
const window = { count: 5, seconds: 900 };

describe('soft lock', () => {
  it.each([
    [4, 0, false],
    [5, 0.5, true],
    [5, 1, false],
    [6, 1.5, true],
    [6, 2, false],
    [15, 899, true],
    [15, 900, false],
    [1000, 900, false],
  ])('A74: after %d failures and %d s: delayed is %p', (failures, seconds, delayed) => {
    expect(isDelayed(failures, at(0), at(seconds), window)).toBe(delayed);
  });

  it('is absent when switched off or without a failure', () => {
    expect(isDelayed(100, at(0), at(0), undefined)).toBe(false);
    expect(isDelayed(0, null, at(0), window)).toBe(false);
  });
});
