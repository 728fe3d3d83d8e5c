// All that otp and notices may ask of this module. They may learn the name of a vendor, but never choose one.
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock';
import type { ProviderResult } from './contract/failure';
import type { Route } from './contract/message-source';
import type { Channel, CheckAnswer, CheckRequest, VerificationService } from './contract/provider';
import { DeliveriesStore } from './deliveries/deliveries.store';
import type { Delivery, DeliveryStatus } from './deliveries/deliveries.types';
import { codesVoidBefore } from './deliveries/void-codes.policy';
import type { CodeDemand } from './routing/route.policy';
import { Routing } from './routing/routing.service';
import { VendorHealth } from './routing/vendor-health.service';
import { Vendors } from './routing/vendors.service';

export interface DeliveryState {
  readonly status: DeliveryStatus;
  readonly updatedAt: Date;
  readonly send: number;
  /**
   * `undelivered`: a vendor took it, and it did not arrive. `opted_out`: nothing was sent, because the number has told our senders to stop.
   * null for any other end: another message may succeed.
   */
  readonly failure: 'undelivered' | 'opted_out' | null;
  /** Who makes the code that counts; null when no vendor was called. */
  readonly codeBy: 'us' | 'vendor' | null;
  /** How many digits the vendor's code has; null when that is not configured. */
  readonly vendorCodeLength: number | null;
  /** Codes of messages that were sent before this are void, because another verifier checks now; null when none are. */
  readonly codesVoidBefore: Date | null;
}

@Injectable()
export class SmsSender {
  constructor(
    private readonly vendors: Vendors,
    private readonly routing: Routing,
    private readonly health: VendorHealth,
    private readonly deliveries: DeliveriesStore,
    private readonly clock: Clock,
  ) {}

  /** The vendor that a code to this number would go to now; undefined when none of its vendors has the channel. */
  codeRoute(phone: string, demand: CodeDemand): Route | undefined {
    return this.routing.next(this.routing.forCode(phone, demand));
  }

  /** Whether a code to this number could go to a vendor that is not in `tried`. */
  isWayLeft(phone: string, demand: CodeDemand, tried: ReadonlySet<string | null>): boolean {
    return this.routing.forCode(phone, demand).some(({ provider }) => !tried.has(provider));
  }

  channels(phone: string, anonymous: boolean): readonly Channel[] {
    return this.routing.channels(phone, anonymous);
  }

  /** @returns when the breakers of all vendors of the route are open: seconds until a code may be asked for (F07); else undefined */
  openForSeconds(phone: string, demand: CodeDemand): number | undefined {
    return this.routing.openForSeconds(this.routing.forCode(phone, demand));
  }

  /** Whether a vendor can carry a text of ours to this number. Without one, no notice is sent. @param phone absent: to any number */
  carriesText(phone?: string): boolean {
    if (phone === undefined) return this.vendors.routes.some(({ kind }) => kind === 'sender');
    return this.routing.forText(phone).length > 0;
  }

  /** Asks the vendor once about a code, by its verification id. Takes 5 s at most. Must not be called in a transaction. */
  check(provider: string, request: CheckRequest): Promise<ProviderResult<CheckAnswer>> {
    const service = this.vendors.service(provider);
    if (service === undefined) {
      return Promise.resolve({ ok: false, failure: { kind: 'misconfigured', certainty: 'not-sent' } });
    }
    return this.health.check(provider, () => service.check(request));
  }

  /** How this vendor ends verifications. A vendor that is no service, or is no longer configured, has no such rules. */
  verificationRules(provider: string): Pick<VerificationService, 'endsAfterWrongCodes' | 'restart'> {
    return this.vendors.service(provider) ?? { endsAfterWrongCodes: null };
  }

  /**
   * How the newest send about a challenge stands.
   * @param verifier the service that checks its codes; null while none does
   * @param unconfirmed that service has not told the id of its verification yet
   */
  async deliveryOf(
    referenceId: string,
    verifier: string | null,
    unconfirmed: boolean,
  ): Promise<DeliveryState | undefined> {
    const all = await this.deliveries.of(referenceId, this.clock.now());
    const [latest] = all;
    if (latest === undefined) return undefined;
    const { send } = latest;
    const isService = (provider: string) => this.vendors.service(provider) !== undefined;
    // Our code has arrived, whichever vendor brought it. The code of a service is another one.
    const carriesOurs = ({ provider }: Delivery) => provider === null || !isService(provider);
    const arrived = all.find((delivery) => delivery.send === send && delivery.status === 'delivered');
    const { status, updatedAt } = arrived !== undefined && [arrived, latest].every(carriesOurs) ? arrived : latest;
    return {
      status,
      updatedAt,
      send,
      failure: status === 'failed' ? failureOf(all.filter((delivery) => delivery.send === send)) : null,
      // The record of a decoy names no vendor; its challenge names the one that would check (A55).
      ...this.madeBy(verifier ?? latest.provider),
      codesVoidBefore: codesVoidBefore(all, isService, unconfirmed),
    };
  }

  /** Whether every hand-over about a challenge has failed: then no verification that could check its codes was begun or is being begun. */
  async isLost(referenceId: string): Promise<boolean> {
    const all = await this.deliveries.of(referenceId, this.clock.now());
    return all.length > 0 && all.every(({ status }) => status === 'failed');
  }

  /** The vendor has ended a verification whose message was sent: its delivery counts as failed, so that the person asks again. */
  endDelivery(referenceId: string): Promise<void> {
    return this.deliveries.failLatest(referenceId, this.clock.now());
  }

  private madeBy(vendor: string | null): Pick<DeliveryState, 'codeBy' | 'vendorCodeLength'> {
    if (vendor === null) return { codeBy: null, vendorCodeLength: null };
    const service = this.vendors.service(vendor);
    return { codeBy: service === undefined ? 'us' : 'vendor', vendorCodeLength: service?.codeLength ?? null };
  }
}

/** @param handedOver of one send, all of them failed */
function failureOf(handedOver: readonly Delivery[]): DeliveryState['failure'] {
  if (handedOver.some(({ failureKind }) => failureKind === 'opted_out')) return 'opted_out';
  const isUndelivered = ({ providerId, failureKind }: Delivery) =>
    providerId !== null && failureKind !== 'verification_ended';
  return handedOver.some(isUndelivered) ? 'undelivered' : null;
}
