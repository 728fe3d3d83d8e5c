// The built-in puzzle, by properties: what we made and somebody solved passes; whatever differs from it in one place does not.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { Clock } from '../../platform/clock/clock';
import { Keyring } from '../../platform/crypto/keyring';
import { NodeRandom } from '../../platform/random/node-random';
import { GateConfig } from './gate.config';
import type { Gate, GatePurpose } from './gate.types';
import { isSolved, leadingZeroBits, readAnswer } from './proof-of-work.algorithm';
import { ProofOfWorkGate } from './proof-of-work.gate';

class MovedClock extends Clock {
  at = Date.parse('2026-01-01T00:00:00Z');
  override now(): Date {
    return new Date(this.at);
  }
}

const secret = (kid: string, byte: number) => ({ kid, bytes: Buffer.alloc(32, byte) });
const clock = new MovedClock();
const purposes = fc.constantFrom<GatePurpose>('register', 'password_forgot');
const difficulties = fc.integer({ min: 4, max: 10 });

function gateOf(difficulty: number, kids = [secret('k1', 7)]): ProofOfWorkGate {
  const config = Object.assign(new GateConfig(), { CHALLENGE_GATE_DIFFICULTY: difficulty });
  return new ProofOfWorkGate(config, new Keyring(kids), clock, new NodeRandom());
}

function puzzleOf(gate: Gate): string {
  if (gate.kind !== 'proof_of_work') throw new Error('no puzzle');
  return gate.puzzle;
}

function zeroBits(text: string): number {
  const bits = [...createHash('sha256').update(text).digest()]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  return bits.indexOf('1');
}

/** The first number from `start` that answers the puzzle, or the first that does not. */
function answer(puzzle: string, difficulty: number, { start = 0, right = true } = {}): string {
  for (let number = start; ; number += 1) {
    if (zeroBits(`${puzzle}.${number}`) >= difficulty === right) return `${puzzle}.${number}`;
  }
}

describe('proof of work', () => {
  it('a solved puzzle passes, for its purpose only', () =>
    fc.assert(
      fc.asyncProperty(difficulties, purposes, purposes, async (difficulty, asked, used) => {
        const gate = gateOf(difficulty);
        const solved = answer(puzzleOf(gate.offer(asked)), difficulty);
        const { outcome } = await gate.judge(used, solved);
        expect(outcome).toBe(asked === used ? 'passed' : 'refused');
      }),
    ));

  it('a number that does not answer it does not pass', () =>
    fc.assert(
      fc.asyncProperty(difficulties, fc.nat(1_000_000), async (difficulty, start) => {
        const gate = gateOf(difficulty);
        const wrong = answer(puzzleOf(gate.offer('register')), difficulty, { start, right: false });
        expect(await gate.judge('register', wrong)).toEqual({ outcome: 'refused', fault: 'invalid' });
      }),
    ));

  it('two answers of one puzzle are spent as one thing, two puzzles as two', async () => {
    const gate = gateOf(4);
    const puzzle = puzzleOf(gate.offer('register'));
    const first = await gate.judge('register', answer(puzzle, 4));
    const second = await gate.judge('register', answer(puzzle, 4, { start: 1000 }));
    const other = await gate.judge('register', answer(puzzleOf(gate.offer('register')), 4));
    const once = (verdict: typeof first) => (verdict.outcome === 'passed' ? verdict.once : undefined);
    expect(once(first)).toBe(puzzle);
    expect(once(second)).toBe(puzzle);
    expect(once(other)).not.toBe(puzzle);
  });

  it('changed in any one place, solved again, it does not pass', () => {
    const gate = gateOf(4);
    const puzzle = puzzleOf(gate.offer('register'));
    const alphabet = [...'ABCxyz0129-_.:= '];
    return fc.assert(
      fc.asyncProperty(fc.nat(puzzle.length - 1), fc.constantFrom(...alphabet), async (at, character) => {
        fc.pre(puzzle[at] !== character);
        const forged = puzzle.slice(0, at) + character + puzzle.slice(at + 1);
        expect((await gate.judge('register', answer(forged, 4))).outcome).toBe('refused');
      }),
      { numRuns: 500 },
    );
  });

  it('an easier one, a longer one, one of another purpose: our signature holds for none of them', async () => {
    const gate = gateOf(8);
    const parts = puzzleOf(gate.offer('register')).split('.');
    for (const [at, value] of [
      [2, 'password_forgot'],
      [3, String(Number(parts[3]) + 300)],
      [4, '4'],
    ] as const) {
      const forged = parts.map((part, index) => (index === at ? value : part)).join('.');
      const purpose = at === 2 ? 'password_forgot' : 'register';
      expect(await gate.judge(purpose, answer(forged, 8))).toEqual({ outcome: 'refused', fault: 'invalid' });
    }
  });

  it('no other ring makes one, and one of the key before still passes after a rotation', async () => {
    const solved = answer(puzzleOf(gateOf(4).offer('register')), 4);
    const outcome = async (kids: ReturnType<typeof secret>[]) =>
      (await gateOf(4, kids).judge('register', solved)).outcome;
    expect(await outcome([secret('k1', 8)])).toBe('refused');
    expect(await outcome([secret('k2', 8)])).toBe('refused');
    expect(await outcome([secret('k2', 8), secret('k1', 7)])).toBe('passed');
  });

  it('it is good until its end and not at it', async () => {
    const gate = gateOf(4);
    const offer = gate.offer('register');
    const solved = answer(puzzleOf(offer), 4);
    expect(offer).toMatchObject({ expiresAt: new Date(clock.at + 300_000).toISOString() });
    clock.at += 299_999;
    expect((await gate.judge('register', solved)).outcome).toBe('passed');
    clock.at += 1;
    expect(await gate.judge('register', solved)).toEqual({ outcome: 'refused', fault: 'expired' });
  });

  it('one that was handed out before the difficulty was raised is judged by its own', async () => {
    const solved = answer(puzzleOf(gateOf(4).offer('register')), 4, { start: 0 });
    expect((await gateOf(20).judge('register', solved)).outcome).toBe('passed');
  });

  it('any text at all is refused, and nothing throws', () =>
    fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.base64String()), async (text) => {
        expect(readAnswer(text)).toBeUndefined();
        for (const token of [text, `pow1.k1.register.${text}`]) {
          expect(await gateOf(4).judge('register', token)).toEqual({ outcome: 'refused', fault: 'invalid' });
        }
      }),
    ));

  it('a number has one spelling: no sign, no zeros before it, no fraction', () => {
    const puzzle = puzzleOf(gateOf(4).offer('register'));
    const spellings = ['', '00', '01', '+1', '-1', '1.5', '1e3', ' 1', '1 ', '1\n', '١', '12345678901234567'];
    for (const spelling of spellings)
      expect([spelling, readAnswer(`${puzzle}.${spelling}`)]).toEqual([spelling, undefined]);
    for (const number of ['0', '7', '1234567890123456'])
      expect(readAnswer(`${puzzle}.${number}`)).toMatchObject({ puzzle });
  });

  it('zero bits are counted as anybody counts them', () =>
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 6 }), (bytes) => {
        const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
        const expected = bits.includes('1') ? bits.indexOf('1') : bits.length;
        expect(leadingZeroBits(Buffer.from(bytes))).toBe(expected);
        expect(isSolved({ text: bits, difficulty: zeroBits(bits) })).toBe(true);
        expect(isSolved({ text: bits, difficulty: zeroBits(bits) + 1 })).toBe(false);
      }),
    ));
});
