// How a send goes on after a run that was cut short with a hand-over open: its vendor may have the message (design D6, F13). Invariants: who
// carries our code gets it again under the same reference, and each time is charged like a message that was asked for (N7, ADR 86); a
// service that would begin another verification is not asked again, and the person may ask; what only waited for its turn is as new.
import { Injectable } from '@nestjs/common';
import type { Route } from './contract/message-source';
import type { Delivery } from './deliveries/deliveries.store';
import { isPaidFor, wasOnlyWaiting } from './deliveries/left-open.store';
import { IN_DOUBT, NOT_CALLED, type Progress, type Run, type Tried } from './failover.types';
import { HandOver, Sendable } from './hand-over.service';
import { Vendors } from './routing/vendors.service';
import { SendRecords } from './send-records.service';

/** What the former run has left. */
export interface Standing extends Omit<Progress, 'message'> {
  /** The vendor that may have had it; undefined: none has. */
  readonly doubted: Doubted | undefined;
}

export interface Doubted {
  readonly route: Route;
  /** The same vendor may be asked again; not one that the number has no more, by configuration or its own word. */
  readonly mayRepeat: boolean;
}

@Injectable()
export class Resumption {
  constructor(
    private readonly handOver: HandOver,
    private readonly records: SendRecords,
    private readonly vendors: Vendors,
  ) {}

  /** @returns undefined when the send has come to its end */
  async resume(run: Run, message: Sendable, routes: readonly Route[]): Promise<Standing | undefined> {
    const called = run.past.filter((delivery) => delivery.provider !== null && !wasOnlyWaiting(delivery));
    const doubts = called.filter(({ status }) => status === 'queued');
    const isOpen = ({ provider }: Delivery) => routes.some((route) => route.provider === provider);
    const newest = doubts.find(isOpen) ?? doubts[0];
    const tried = leftOpen(run);
    const left = routes.filter(({ provider }) => !called.some((delivery) => delivery.provider === provider));
    // A notice is paid for when it is handed over, a code when it is asked for.
    const owes = doubts.length > 0 || (message.kind === 'text' && called.length === 0);
    const rest = { left, tried, ...paymentOf(run, owes), begunAt: called.at(-1)?.createdAt };
    if (newest === undefined) return { ...rest, doubted: undefined };
    const configured = this.vendors.routes.find(({ provider }) => provider === newest.provider);
    const route = configured ?? formerRoute(newest, message);
    const begun = configured && verificationBegun(run, message, configured);
    const mayRepeat = isOpen(newest) && this.handOver.mayRepeat(route);
    if (begun === undefined) return { ...rest, doubted: { route, mayRepeat } };
    const others = tried.filter(({ deliveryId }) => deliveryId !== newest.id);
    await this.records.accepted(run, route, newest.id, begun, others);
    return undefined;
  }
}

/** Of a vendor that is configured no more, the challenge says whether it makes the code: it was named before it was called. */
function formerRoute({ provider }: Delivery, message: Sendable): Route {
  const isService = message.kind === 'code' && message.verifier.provider === provider;
  return { provider: provider ?? '', kind: isService ? 'service' : 'sender', channels: [], codeLength: null };
}

/** What a former run has not brought to its end. @param why what its vendor has not had was not sent */
export function leftOpen({ past }: Run, why = NOT_CALLED): Tried[] {
  const open = past.filter(({ status }) => status === 'queued');
  return open.map((delivery) => ({
    deliveryId: delivery.id,
    provider: delivery.provider,
    failure: isUncalled(delivery) ? why : IN_DOUBT,
  }));
}

function paymentOf({ past }: Run, owes: boolean): Pick<Progress, 'payment' | 'paidOn'> {
  return { payment: owes ? 'owed' : 'none', paidOn: past.find(isPaidFor)?.id };
}

function isUncalled(delivery: Delivery): boolean {
  return delivery.provider === null || wasOnlyWaiting(delivery);
}

/** The verification that the service told of before the run was cut short, where it is not that of an earlier send. */
function verificationBegun({ others }: Run, message: Sendable, { provider, kind }: Route): string | undefined {
  if (kind !== 'service' || message.kind === 'text' || message.verifier.provider !== provider) return undefined;
  const { verificationId } = message.verifier;
  return others.some(({ providerId }) => providerId === verificationId) ? undefined : (verificationId ?? undefined);
}
