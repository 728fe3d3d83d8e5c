// Decides whether a notice is still sent. Pure.

/** After an hour a notice is not sent any more, because it would tell as news what is long past. */
export const TTL_SECONDS = 3600;

export function isTooLate({ createdAt }: { readonly createdAt: Date }, now: Date): boolean {
  return now.getTime() - createdAt.getTime() > TTL_SECONDS * 1000;
}

/**
 * How many notices of one kind one number gets within a day. Whoever got as many knows already. The limit also keeps an account that is changed
 * again and again from using up the budgets of everybody.
 */
const PER_DAY = 5;

/** @param earlier how many notices of the same kind to the same number there were in the day before this one */
export function isToldEnough({ earlier }: { readonly earlier: number }): boolean {
  return earlier >= PER_DAY;
}
