// When those who were told that we are busy come back (F39): not all in the same second, or the load that was too much arrives again as
// one. Invariant: never before the time that the refusal named, at most twice as late.
import type { Random } from '../random/random';
import { AppError } from './app-error';
import { platformErrors } from './platform.errors';

const BUSY: readonly unknown[] = [platformErrors.overloaded, platformErrors.not_ready];

/** @returns the same refusal, with a time of its own where it has one */
export function comeBackApart(error: AppError, random: Random): AppError {
  const { definition, context } = error;
  const seconds = context.retryAfterSeconds;
  if (seconds === undefined || !BUSY.includes(definition)) return error;
  return new AppError(definition, { ...context, retryAfterSeconds: seconds + random.below(seconds + 1) });
}
