// How a send goes on after a run that was cut short with a hand-over open: its vendor may have the message (design D6, F13). Invariants: who
// carries our code gets it again under the same reference, and each time is charged like a message that was asked for (N7, ADR 86); a
// service that would begin another verification is not asked again, and the person may ask.
import { Injectable } from '@nestjs/common';
import type { Route } from './contract/message-source';
import type { Delivery } from './deliveries/deliveries.store';
import { HandOver, Sendable } from './hand-over.service';
import { Run, SendRecords, Tried } from './send-records.service';

/** What the former run has left. */
export interface Standing {
  /** Vendors that may still be tried, in order. */
  readonly left: readonly Route[];
  /** Hand-overs without a good end. */
  readonly tried: readonly Tried[];
}

@Injectable()
export class Resumption {
  constructor(
    private readonly handOver: HandOver,
    private readonly records: SendRecords,
  ) {}

  /** @returns undefined when the send has come to its end */
  async resume(run: Run, message: Sendable, routes: readonly Route[]): Promise<Standing | undefined> {
    const { past } = run;
    const open = past.filter(({ status }) => status === 'queued');
    const newest = open.find(({ provider }) => routes.some((route) => route.provider === provider));
    const route = routes.find(({ provider }) => provider === newest?.provider);
    const tried = open.filter((delivery) => delivery !== newest).map(inDoubt);
    const untried = routes.filter(({ provider }) => !past.some((delivery) => delivery.provider === provider));
    if (newest === undefined || route === undefined) return { left: untried, tried };
    const begun = verificationBegun(run, message, route);
    if (begun !== undefined) {
      await this.records.accepted(run, route, newest.id, begun, tried);
      return undefined;
    }
    if (this.handOver.mayRepeat(route) && (await isCharged(run, message))) return { left: [route, ...untried], tried };
    await this.records.failed(run, message, [...tried, inDoubt(newest)]);
    return undefined;
  }
}

/** A notice is charged as often as it is composed. @returns false where the budget is spent */
async function isCharged({ source, reference }: Run, { kind }: Sendable): Promise<boolean> {
  return kind === 'text' || (await source.chargeAnotherWay?.(reference)) !== false;
}

function inDoubt({ id, provider }: Delivery): Tried {
  return { deliveryId: id, provider, failure: { kind: 'unavailable', certainty: 'maybe-sent' } };
}

/** The verification that the service told of before the run was cut short, where it is not that of an earlier send. */
function verificationBegun({ others }: Run, message: Sendable, { provider, kind }: Route): string | undefined {
  if (kind !== 'service' || message.kind === 'text' || message.verifier.provider !== provider) return undefined;
  const { verificationId } = message.verifier;
  return others.some(({ providerId }) => providerId === verificationId) ? undefined : (verificationId ?? undefined);
}
