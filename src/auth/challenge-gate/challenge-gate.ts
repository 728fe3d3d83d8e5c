// The port of the gate: a task that costs a program more than a person. An implementation says what the task is and judges its result. It looks
// at no account, writes nothing, and never throws because of something that a stranger has sent.
import type { Gate, GatePurpose, Verdict } from './gate.types';

export abstract class ChallengeGate {
  /** What a client has to do to pass. */
  abstract offer(purpose: GatePurpose): Gate;

  /** @param token as the client sent it: at most 8192 printable ASCII characters */
  abstract judge(purpose: GatePurpose, token: string): Promise<Verdict>;
}
