// A call of somebody outside, seen twice: a span below the current one, and how long it took by its outcome.
import type { SpanFacts, Tracer } from './tracer';

const OK = 'ok';

interface Observed<T> {
  /** Of the span. */
  readonly name: string;
  /** Of the span, beside its outcome. */
  readonly facts?: SpanFacts;
  /** `ok`, or what was wrong, in our words. */
  readonly outcomeOf: (result: T) => string;
  /** @param outcome `error` where the call threw. */
  readonly took: (outcome: string, seconds: number) => void;
}

/** @throws what the call throws */
export async function observeCall<T>(
  tracer: Tracer,
  { name, facts, outcomeOf, took }: Observed<T>,
  ask: () => Promise<T>,
): Promise<T> {
  const begun = performance.now();
  let outcome = 'error';
  const tell = (result: T) => {
    const told = outcomeOf(result);
    return { facts: { 'latchkey.outcome': told }, failed: told !== OK };
  };
  try {
    const result = await tracer.below({ name, kind: 'client', facts: facts ?? {} }, ask, tell);
    outcome = outcomeOf(result);
    return result;
  } finally {
    took(outcome, (performance.now() - begun) / 1000);
  }
}
