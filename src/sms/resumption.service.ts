// How a send goes on after a run that was cut short, when a vendor may have the message and nobody knows (design D6, F13). Invariants: a
// vendor that carries our code gets it again under the same reference, and each time is paid for like a message that was asked for (N7, ADR
// 86). A service that would begin another verification is not called again; the person may ask for a resend. A hand-over that only waited
// for its turn counts as not begun.
import { Injectable } from '@nestjs/common';
import type { Route } from './contract/message-source';
import type { Delivery } from './deliveries/deliveries.types';
import { isPaidFor, wasOnlyWaiting } from './deliveries/left-open.store';
import { IN_DOUBT, NOT_CALLED, type Progress, type Run, type Tried } from './failover.types';
import { HandOver, Sendable } from './hand-over.service';
import { Vendors } from './routing/vendors.service';
import { SendRecords } from './send-records.service';

/** What the former run has left behind. */
interface Standing {
  readonly progress: Progress;
  /** The vendor that may have had the message; undefined: none has. */
  readonly doubted: Doubted | undefined;
}

export interface Doubted {
  readonly route: Route;
  /** Whether it may get the message again. False when it may no longer send to the number at all: by configuration, or after a STOP. */
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
    const progress = { run, message, left, tried, ...paymentOf(run, owes), begunAt: called.at(-1)?.createdAt };
    if (newest === undefined) return { progress, doubted: undefined };
    const configured = this.vendors.routes.find(({ provider }) => provider === newest.provider);
    const route = configured ?? formerRoute(newest, message);
    const begun = configured && verificationBegun(run, message, configured);
    const mayRepeat = isOpen(newest) && this.handOver.mayRepeat(route);
    if (begun === undefined) return { progress, doubted: { route, mayRepeat } };
    const others = tried.filter(({ deliveryId }) => deliveryId !== newest.id);
    await this.records.accepted(run, route, newest.id, begun, others);
    return undefined;
  }
}

/** The vendor is no longer configured. The challenge tells whether it is a service, because a service is named there before it is called. */
function formerRoute({ provider }: Delivery, message: Sendable): Route {
  const isService = message.kind === 'code' && message.verifier.provider === provider;
  return { provider: provider ?? '', kind: isService ? 'service' : 'sender', channels: [], codeLength: null };
}

/** Hand-overs that a former run has left open. @param why the failure of those that no vendor has had */
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

/** Id of the verification that the service has begun for this send, when the run was cut short after the challenge was told of it. */
function verificationBegun({ others }: Run, message: Sendable, { provider, kind }: Route): string | undefined {
  if (kind !== 'service' || message.kind === 'text' || message.verifier.provider !== provider) return undefined;
  const { verificationId } = message.verifier;
  return others.some(({ providerId }) => providerId === verificationId) ? undefined : (verificationId ?? undefined);
}
