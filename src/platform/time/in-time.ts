// Waiting that ends in time. What was asked for goes on when the wait is over; an error that comes after that is ignored.

/**
 * @param onLate called with the error, for example to abort what was asked for
 * @throws Error when it takes longer than so many milliseconds; and whatever it rejects with
 */
export async function inTime<T>(milliseconds: number, asked: Promise<T>, onLate?: (error: Error) => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`no answer within ${milliseconds} ms`);
      reject(error);
      onLate?.(error);
    }, milliseconds);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** @returns undefined when it is rejected or takes longer than so many milliseconds */
export function within<T>(milliseconds: number, asked: Promise<T>): Promise<T | undefined> {
  return inTime(milliseconds, asked).catch(() => undefined);
}

/** Rejects when the signal aborts, or at once if it has. @param error by default the signal's reason */
export function rejection(signal: AbortSignal, error?: Error): Promise<never> {
  return new Promise((_, reject) => {
    const tell = (): void => reject(error ?? (signal.reason as Error));
    // An aborted signal has no event any more.
    if (signal.aborted) tell();
    else signal.addEventListener('abort', tell, { once: true });
  });
}
