// A notice that could not be sent within an hour is not sent at all: it would tell of something that has long been seen to.
export const TTL_SECONDS = 3600;

export function isTooLate({ createdAt }: { readonly createdAt: Date }, now: Date): boolean {
  return now.getTime() - createdAt.getTime() > TTL_SECONDS * 1000;
}
