import { segmentCount } from './segments';

describe('segments', () => {
  it.each([
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['a'.repeat(306), 2],
    ['a'.repeat(307), 3],
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
    ['ж'.repeat(70), 1],
    ['ж'.repeat(71), 2],
  ])('%#: counts as the network does', (text, expected) => {
    expect(segmentCount(text)).toBe(expected);
  });
});
