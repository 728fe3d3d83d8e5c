// The gate that may stand before a registration and a reset: the puzzle is solved here, a widget is the application's to show. A call is
// made again with what came of it, three times at most: the server may ask for the puzzle after all when the widget's vendor is away.
import type { Gate } from './api.ts';
import { LatchkeyError } from './errors.ts';
import type { Http } from './http.ts';
import { PrefixHash } from './sha-256.ts';

/** Shows the widget of `gate.kind` with `gate.siteKey`. @returns its token */
export type OnGate = (gate: Gate) => Promise<string>;

/** For about this long the page gets nothing done; then it is its turn. */
const SLICE_MILLISECONDS = 25;
const BETWEEN_LOOKS = 500;
const MAX_DIFFICULTY = 32;
const TRIES = 3;

/**
 * Finds the number that answers a puzzle, without keeping the page or process from anything else. Twice the time for each bit of difficulty.
 * @returns the gateToken
 * @throws TypeError for what is no puzzle; what `signal` was aborted with
 */
export async function solvePuzzle(
  { puzzle, difficulty }: Pick<Gate, 'puzzle' | 'difficulty'>,
  signal?: AbortSignal,
): Promise<string> {
  if (puzzle === undefined || difficulty === undefined || difficulty > MAX_DIFFICULTY) throw new TypeError('no puzzle');
  const hash = new PrefixHash(`${puzzle}.`);
  for (let number = 0; ;) {
    signal?.throwIfAborted();
    for (const until = Date.now() + SLICE_MILLISECONDS; Date.now() < until;) {
      for (const next = number + BETWEEN_LOOKS; number < next; number += 1) {
        if (Math.clz32(hash.of(String(number))[0] ?? 0) >= difficulty) return `${puzzle}.${number}`;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** A request that may stand behind the gate, made again with a gate token where one is asked for. @throws LatchkeyError */
export async function passing<Answer>(
  http: Http,
  path: string,
  body: object,
  onGate: OnGate | undefined,
): Promise<Answer> {
  let pass = {};
  for (let tried = 1; ; tried += 1) {
    try {
      return await http.send<Answer>('POST', path, { body: { ...body, ...pass } });
    } catch (error) {
      const gate = error instanceof LatchkeyError && tried <= TRIES ? error.gate : undefined;
      const gateToken = gate && (await passed(gate, onGate));
      if (gateToken === undefined) throw error;
      pass = { gateToken };
    }
  }
}

/** @returns undefined for a widget that nobody shows */
async function passed(gate: Gate, onGate: OnGate | undefined): Promise<string | undefined> {
  return gate.kind === 'proof_of_work' ? solvePuzzle(gate) : onGate?.(gate);
}
