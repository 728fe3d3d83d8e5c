/**
 * The time that expiries, limits and signatures go by, so that tests move it instead of sleeping. Time-outs and pauses go by the machine's
 * clock, jobs that wait in the queue by the database's.
 */
export abstract class Clock {
  abstract now(): Date;
}
