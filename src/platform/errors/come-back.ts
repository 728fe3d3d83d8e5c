// Spreads the return of clients that were told we are busy (F39). If all came back in the same second, the load would again be too much.
// Invariant: nobody is told to come earlier than the refusal says, or more than twice as late.
import type { Random } from '../random/random';
import { AppError } from './app-error';
import { platformErrors } from './platform.errors';

const BUSY: readonly unknown[] = [platformErrors.overloaded, platformErrors.not_ready];

/** @returns the same refusal; if it names a time, with one of its own */
export function comeBackApart(error: AppError, random: Random): AppError {
  const { definition, context } = error;
  const seconds = context.retryAfterSeconds;
  if (seconds === undefined || !BUSY.includes(definition)) return error;
  return new AppError(definition, { ...context, retryAfterSeconds: seconds + random.below(seconds + 1) });
}
