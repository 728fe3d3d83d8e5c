// The port: a task that costs a program more than a person. An adapter says what the task is and judges its result; it looks at no account,
// writes nothing, and never throws for anything that a stranger has sent.
import type { Gate, GatePurpose, Verdict } from './gate.types';

export abstract class ChallengeGate {
  /** What a client has to do now. */
  abstract offer(purpose: GatePurpose): Gate;

  /** @param token as it came: at most 8192 printable ASCII characters */
  abstract judge(purpose: GatePurpose, token: string): Promise<Verdict>;
}
