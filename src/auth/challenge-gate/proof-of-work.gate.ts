// The built-in gate. It stores nothing until a puzzle is solved: a puzzle is signed under the secret ring, for one purpose, one difficulty and five
// minutes. Judging a token costs one HMAC and one hash. It checks in this order: form, signature, purpose, time, work.
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock';
import { unixSeconds } from '../../platform/time/seconds';
import { Keyring } from '../../platform/crypto/keyring';
import { Random } from '../../platform/random/random';
import { ChallengeGate } from './challenge-gate';
import { GateConfig } from './gate.config';
import type { Gate, GatePurpose, Verdict } from './gate.types';
import { isOurs, isSolved, makePuzzle, readAnswer, SALT_BYTES } from './proof-of-work.algorithm';

const PUZZLE_SECONDS = 300;
const KEY_INFO = 'latchkey/gate-puzzle/v1';
const refused = (fault: 'invalid' | 'expired'): Verdict => ({ outcome: 'refused', fault });

@Injectable()
export class ProofOfWorkGate extends ChallengeGate {
  constructor(
    private readonly config: GateConfig,
    private readonly keyring: Keyring,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {
    super();
  }

  override offer(purpose: GatePurpose): Gate {
    const keyId = this.keyring.currentKid;
    const difficulty = this.config.CHALLENGE_GATE_DIFFICULTY;
    const expiresAt = unixSeconds(this.clock.now()) + PUZZLE_SECONDS;
    const facts = { keyId, purpose, expiresAt, difficulty };
    const puzzle = makePuzzle(this.keyring.derive(KEY_INFO, keyId), facts, this.random.bytes(SALT_BYTES));
    return { kind: 'proof_of_work', puzzle, difficulty, expiresAt: new Date(expiresAt * 1000).toISOString() };
  }

  override judge(purpose: GatePurpose, token: string): Promise<Verdict> {
    return Promise.resolve(this.verdict(purpose, token));
  }

  private verdict(purpose: GatePurpose, token: string): Verdict {
    const answer = readAnswer(token);
    if (answer === undefined || !this.keyring.has(answer.keyId)) return refused('invalid');
    if (!isOurs(this.keyring.derive(KEY_INFO, answer.keyId), answer)) return refused('invalid');
    if (answer.purpose !== purpose) return refused('invalid');
    const until = new Date(answer.expiresAt * 1000);
    if (until <= this.clock.now()) return refused('expired');
    return isSolved(answer) ? { outcome: 'passed', once: answer.puzzle, until } : refused('invalid');
  }
}
