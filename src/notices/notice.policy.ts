// A notice that could not be sent within an hour is not sent at all: it would tell of something that has long been seen to.
export const TTL_SECONDS = 3600;

export function isTooLate({ createdAt }: { readonly createdAt: Date }, now: Date): boolean {
  return now.getTime() - createdAt.getTime() > TTL_SECONDS * 1000;
}

/** Of one kind to one number: whoever was told so often today knows, and what an account does to itself must not use up the messages of others. */
const PER_DAY = 5;

/** @param earlier notices of its kind to its number in the day before it */
export function isToldEnough({ earlier }: { readonly earlier: number }): boolean {
  return earlier >= PER_DAY;
}
