// The one door of sms: what otp and notices may ask of it. They never see a vendor.
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock';
import type { ProviderResult } from './contract/failure';
import type { Route } from './contract/message-source';
import type { CheckAnswer, CheckRequest } from './contract/provider';
import { DeliveriesStore, DeliveryStatus } from './deliveries/deliveries.store';
import { chooseRoute, senderOf } from './routing/route.policy';
import { Vendors } from './routing/vendors.service';

export interface DeliveryState {
  readonly status: DeliveryStatus;
  readonly updatedAt: Date;
  readonly send: number;
}

@Injectable()
export class SmsSender {
  constructor(
    private readonly vendors: Vendors,
    private readonly deliveries: DeliveriesStore,
    private readonly clock: Clock,
  ) {}

  /** The vendor a message goes to. @param anonymous the purpose is open to people who have proved nothing yet */
  route(anonymous: boolean): Route {
    return chooseRoute(this.vendors.routes, anonymous);
  }

  /** A vendor that delivers our own text; none when only verification services are configured, and then no notice is sent. */
  sender(): Route | undefined {
    return senderOf(this.vendors.routes);
  }

  /** Asks the vendor about a code, once, by its verification id. Deadline 5 s, never inside a transaction. */
  check(provider: string, request: CheckRequest): Promise<ProviderResult<CheckAnswer>> {
    const service = this.vendors.service(provider);
    if (service === undefined) {
      return Promise.resolve({ ok: false, failure: { kind: 'misconfigured', certainty: 'not-sent' } });
    }
    return service.check(request);
  }

  /** Whether this vendor ends a verification at the first wrong code. */
  endsOnWrongCode(provider: string): boolean {
    return this.vendors.service(provider)?.endsOnWrongCode ?? false;
  }

  deliveryOf(referenceId: string): Promise<DeliveryState | undefined> {
    return this.deliveries.latest(referenceId);
  }

  /** The vendor has ended a verification that was sent: its delivery counts as failed, so that the person asks again. */
  endDelivery(referenceId: string): Promise<void> {
    return this.deliveries.failLatest(referenceId, this.clock.now());
  }
}
