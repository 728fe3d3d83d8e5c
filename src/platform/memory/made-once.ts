// A thing that is made for the first who asks, and kept for all others. Making it may fail for a reason that passes: no file descriptor was
// free, a package is just being installed. Invariant: a failure is told to whoever waited for it, and is not kept.

/** @returns a function that gives what `make` has made; when `make` throws, so does it, and the next call makes it again */
export function madeOnce<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    }));
}
