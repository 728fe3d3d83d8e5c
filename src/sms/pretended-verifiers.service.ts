// Who would check the codes of a decoy while its send goes on. Takes the same steps at the same moments as verifiers.service.ts does for a
// real challenge, so that somebody who guesses codes meanwhile waits as long (A55).
import { Injectable } from '@nestjs/common';
import type { PretendedMessage, Route, VerifierState } from './contract/message-source';
import type { Run } from './failover.types';
import { Vendors } from './routing/vendors.service';

@Injectable()
export class PretendedVerifiers {
  constructor(private readonly vendors: Vendors) {}

  /** @param by undefined: nobody takes over. @returns the message as it is afterwards */
  async takeOver(run: Run, message: PretendedMessage, by: Route | undefined): Promise<PretendedMessage> {
    const { verifier, verificationEnded } = message;
    const provider = by?.kind === 'service' ? by.provider : null;
    if (by === undefined || this.repeats(message, provider)) return message;
    const isSame = verifier.provider === provider && verifier.verificationId === null && !verificationEnded;
    return isSame ? message : change(run, message, { provider, verificationId: null });
  }

  /** The one that took over has sent nothing. @param before the message as it was before that */
  async giveBack(run: Run, message: PretendedMessage, before: PretendedMessage): Promise<PretendedMessage> {
    if (message === before || before.verificationEnded || run.reference.send <= 1) return message;
    return change(run, message, before.verifier);
  }

  /** The vendor has answered. @returns what the record gets in place of its id; null where the code is ours, and when the former id stays */
  async name({ source, reference, others }: Run, { verifier }: PretendedMessage): Promise<string | null> {
    const { provider, verificationId } = verifier;
    if (provider === null) return null;
    if (verificationId !== null) return others.find(({ providerId }) => providerId !== null)?.providerId ?? null;
    return (await source.pretendVerification?.(reference, provider)) ?? null;
  }

  /** Whether that service would send the code of the running verification once more. */
  private repeats({ verifier, verificationEnded }: PretendedMessage, provider: string | null): boolean {
    if (provider === null || verifier.provider !== provider || verifier.verificationId === null) return false;
    return !verificationEnded && this.vendors.service(provider)?.resend !== undefined;
  }
}

async function change(
  { source, reference }: Run,
  message: PretendedMessage,
  to: VerifierState,
): Promise<PretendedMessage> {
  await source.changeVerifier?.(reference, message.verifier, to);
  return { ...message, verifier: to, verificationEnded: false };
}
