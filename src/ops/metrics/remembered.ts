/** By the monotonic clock, so that a test which moves our clock does not change how often is asked. */
const FRESH_MILLISECONDS = 30_000;

/** @returns a function that asks at most every 30 s. Calls in between get the same answer, or wait for it. An error is not remembered. */
export function remembered<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: { readonly at: number; readonly answer: Promise<T> } | undefined;
  return () => {
    const at = performance.now();
    if (asked !== undefined && at - asked.at < FRESH_MILLISECONDS) return asked.answer;
    const answer = ask().catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    asked = { at, answer };
    return answer;
  };
}
