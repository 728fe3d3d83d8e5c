// Marks code of a library that may leave a rejected promise unhandled. Whoever runs the library is told of it. Any other unhandled rejection is a
// bug of ours and ends the process (F21, lifecycle.ts).
import { apart, currentWork } from './current-work';

/** @param told of every rejection that code started by `work` leaves unhandled */
export function tellOfStrays<T>(told: (error: unknown) => void, work: () => T): T {
  return apart({ onStray: told }, work);
}

/** For a listener of unhandledRejection, which Node calls as if the code of the rejected promise did. @returns whether somebody was told */
export function isToldOfStray(error: unknown): boolean {
  const { onStray } = currentWork();
  onStray?.(error);
  return onStray !== undefined;
}
