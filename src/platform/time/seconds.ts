// Instants and seconds: limits, lifetimes and tokens count in seconds, Date in milliseconds.

/** @param seconds may be negative */
export function after(instant: Date, seconds: number): Date {
  return new Date(instant.getTime() + seconds * 1000);
}

/** Whole seconds from now to an instant, rounded up; 0 when it has passed. */
export function secondsUntil(instant: Date, now: Date): number {
  return Math.max(0, Math.ceil((instant.getTime() - now.getTime()) / 1000));
}

/** Whole seconds since 1970, as in JWTs and signatures of webhooks. */
export function unixSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}
