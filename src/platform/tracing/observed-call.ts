// Measures a call of another system in two ways: by a span below the current one, and by its duration and outcome.
import type { SpanFacts, Tracer } from './tracer';

const OK = 'ok';

interface Observed<T> {
  /** Name of the span. */
  readonly name: string;
  /** Attributes of the span, beside its outcome. */
  readonly facts?: SpanFacts;
  /** `ok`, or what was wrong, in words of ours. */
  readonly outcomeOf: (result: T) => string;
  /** Records the duration. @param outcome `error` when the call threw */
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
