/** Milliseconds on the monotonic clock: a test that moves time moves no scrape. */
const FRESH = 30_000;

/** @returns asks at most every 30 s; who comes meanwhile gets, or waits for, the same answer. An error is not remembered. */
export function remembered<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: { readonly at: number; readonly answer: Promise<T> } | undefined;
  return () => {
    const at = performance.now();
    if (asked !== undefined && at - asked.at < FRESH) return asked.answer;
    const answer = ask().catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    asked = { at, answer };
    return answer;
  };
}
