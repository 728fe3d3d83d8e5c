import { afterCrash } from './restart.policy';

it('an instance that keeps dying young is started ever later, up to half a minute', () => {
  const delays: number[] = [];
  let crashes = { inRow: 0, delayMilliseconds: 0 };
  for (let n = 0; n < 9; n += 1) delays.push((crashes = afterCrash(crashes.inRow, 100)).delayMilliseconds);
  expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

it('an instance that has lived for a minute is started soon, whatever was before', () => {
  expect(afterCrash(7, 60_000)).toEqual({ inRow: 1, delayMilliseconds: 500 });
});
