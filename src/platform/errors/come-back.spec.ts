import { NodeRandom } from '../random/node-random';
import { AppError } from './app-error';
import { comeBackApart } from './come-back';
import { platformErrors } from './platform.errors';

const after = (error: AppError) => comeBackApart(error, new NodeRandom()).context.retryAfterSeconds;
const many = (error: AppError) => new Set(Array.from({ length: 500 }, () => after(error)));

describe('when those who were refused come back', () => {
  it.each([platformErrors.overloaded, platformErrors.not_ready])(
    'F39: $code: each at another time, never sooner than told and at most twice as late',
    (definition) => {
      expect([...many(new AppError(definition, { retryAfterSeconds: 2 }))].sort()).toEqual([2, 3, 4]);
    },
  );

  it('says the time of a limit as it is: it is known, and one client is concerned', () => {
    expect(many(new AppError(platformErrors.rate_limited, { retryAfterSeconds: 30 }))).toEqual(new Set([30]));
  });

  it('adds no time where none was given', () => {
    expect(after(new AppError(platformErrors.overloaded))).toBeUndefined();
  });
});
