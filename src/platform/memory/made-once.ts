// Something that is made for the first caller and then kept. Making it may fail for a reason that passes, such as no free file descriptor, or a
// package that is just being installed. Invariant: a failure goes to those who waited for it, and the next caller tries anew.

/** @returns a function that returns what `make` has made. When `make` fails it rejects with that error, and the next call makes it again */
export function madeOnce<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    }));
}
