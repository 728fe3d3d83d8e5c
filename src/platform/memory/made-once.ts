// What the first that asks has made, for all after it. Making it may fail for want of something that comes back: a file descriptor, a
// package that is being installed anew. Invariant: a failure is told to whoever waited for it, and is kept for nobody.

/** @returns gives what `make` has made, and throws what it throws; then whoever asks next has it made anew */
export function madeOnce<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    }));
}
