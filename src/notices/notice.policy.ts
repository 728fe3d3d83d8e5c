// Whether a notice is still sent. Pure. After an hour it is not: it would tell of something that is over.
export const TTL_SECONDS = 3600;

export function isTooLate({ createdAt }: { readonly createdAt: Date }, now: Date): boolean {
  return now.getTime() - createdAt.getTime() > TTL_SECONDS * 1000;
}

/** Notices of one kind to one number. Whoever got so many today knows; and an account that changes itself again and again must not use up the budgets of others. */
const PER_DAY = 5;

/** @param earlier notices of its kind to its number in the day before it */
export function isToldEnough({ earlier }: { readonly earlier: number }): boolean {
  return earlier >= PER_DAY;
}
