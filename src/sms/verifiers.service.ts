// Who checks the codes of a challenge while its message goes from vendor to vendor. Invariant: a challenge has one verifier. When another one
// takes over, codes of the earlier one are void; when that other one has sent nothing, the earlier one is the verifier again.
import { Injectable } from '@nestjs/common';
import type { Route, VerifierState } from './contract/message-source';
import type { Progress } from './failover.types';
import { HandOver, type Sendable } from './hand-over.service';
import { carriesOurCode } from './routing/route.policy';

@Injectable()
export class Verifiers {
  constructor(private readonly handOver: HandOver) {}

  /** Who checks now, to be given back. @returns undefined where giving back would revive no code */
  of(message: Sendable): VerifierState | undefined {
    return message.kind === 'text' || message.verificationEnded ? undefined : message.verifier;
  }

  /** The codes of this vendor are the ones that count from now on. @returns false when the challenge is no longer ours to change */
  async takeOver(progress: Progress, route: Route): Promise<boolean> {
    const { message } = progress;
    if (message.kind === 'text' || this.handOver.repeats(route, message)) return true;
    return this.change(progress, { provider: carriesOurCode(route) ? null : route.provider, verificationId: null });
  }

  /** A service has answered: its verification is the one to ask about. */
  async name(progress: Progress, route: Route, verificationId: string): Promise<void> {
    if (!carriesOurCode(route)) await this.change(progress, { provider: route.provider, verificationId });
  }

  /** Nothing was sent, so a code that an earlier send brought is good again. */
  async giveBack(progress: Progress, before: VerifierState | undefined): Promise<void> {
    if (before !== undefined && progress.run.reference.send > 1) await this.change(progress, before);
  }

  private async change(progress: Progress, to: VerifierState): Promise<boolean> {
    const { message } = progress;
    const { source, reference } = progress.run;
    if (message.kind === 'text') return true;
    const from = message.verifier;
    const isSame = from.provider === to.provider && from.verificationId === to.verificationId;
    if (isSame && !message.verificationEnded) return true;
    if ((await source.changeVerifier?.(reference, from, to)) === false) return false;
    progress.message = { ...message, verifier: to, verificationEnded: false };
    return true;
  }
}
