/** The only source of time. Every expiry, limit and signature asks it, so that tests move time instead of sleeping. */
export abstract class Clock {
  abstract now(): Date;
}
