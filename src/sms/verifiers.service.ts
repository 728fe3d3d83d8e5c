// Who checks the codes of a challenge while its message goes from vendor to vendor. Invariant: a challenge has one verifier. When another
// one takes over, codes of the former are void. When the new one has sent nothing, the former is the verifier again.
import { Injectable } from '@nestjs/common';
import type { Route, VerifierState } from './contract/message-source';
import type { Progress } from './failover.types';
import { HandOver, type Sendable } from './hand-over.service';
import { carriesOurCode } from './routing/route.policy';

@Injectable()
export class Verifiers {
  constructor(private readonly handOver: HandOver) {}

  /** The present verifier, to be given back. @returns undefined when giving it back would make no code good again */
  of(message: Sendable): VerifierState | undefined {
    return message.kind === 'text' || message.verificationEnded ? undefined : message.verifier;
  }

  /** From now on the codes of this vendor count. @returns false when the challenge is no longer ours to change */
  async takeOver(progress: Progress, route: Route): Promise<boolean> {
    const { message } = progress;
    if (message.kind === 'text' || this.handOver.repeats(route, message)) return true;
    return this.change(progress, { provider: carriesOurCode(route) ? null : route.provider, verificationId: null });
  }

  /** A service has answered. From now on it is asked about this verification. */
  async name(progress: Progress, route: Route, verificationId: string): Promise<void> {
    if (!carriesOurCode(route)) await this.change(progress, { provider: route.provider, verificationId });
  }

  /** Nothing was sent, so a code that an earlier send has brought is good again. */
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
