// The send of a decoy. Nothing is handed to a vendor, and yet its status must look like that of a real challenge, also while a vendor is slow or
// down (A55). So it takes as long as real messages to the same vendors take at this moment, and ends as they do, failover included.
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../platform/clock/clock';
import { Random } from '../platform/random/random';
import type { MessageReference, MessageSource, PretendedMessage, Route, TextMessage } from './contract/message-source';
import { DeliveriesStore } from './deliveries/deliveries.store';
import { type Fate, LatestSendsStore } from './deliveries/latest-sends.store';
import { Failover } from './failover.service';
import type { Run } from './failover.types';
import { OptOuts } from './opt-outs/opt-outs.service';
import { PretendedVerifiers } from './pretended-verifiers.service';
import { Routing } from './routing/routing.service';
import { SendRecords } from './send-records.service';

/** How long a send takes, until there was a real one to imitate. */
const ASSUMED_MILLISECONDS = 200;
const LONGEST_MILLISECONDS = 15_000;
const LOOK_EVERY_MILLISECONDS = 100;
const ALL_OPEN: Fate = { failed: true, provider: null, milliseconds: 0 };

@Injectable()
export class Pretence {
  private readonly logger = new Logger('sms');

  constructor(
    private readonly routing: Routing,
    private readonly failover: Failover,
    private readonly optOuts: OptOuts,
    private readonly verifiers: PretendedVerifiers,
    private readonly deliveries: DeliveriesStore,
    private readonly records: SendRecords,
    private readonly latest: LatestSendsStore,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  async send(run: Run, message: PretendedMessage): Promise<void> {
    const routes = await this.allowedRoutes(message);
    const told =
      message.notice === null ? undefined : this.tell(message.notice, run, this.costOfCode(run, message, routes[0]));
    await this.pretend(run, message, routes);
    await told;
  }

  /**
   * Sends the notice with an id of its own, so that it does not show in the status of the challenge.
   * @param counted what is counted for the code, which it goes instead of
   */
  private async tell(notice: TextMessage, { source: asked, reference: code, signal }: Run, counted: number) {
    const reference = { source: 'notice_instead', id: this.random.uuid(), send: 1 };
    let isPaid = isAskedFor(code);
    const source: MessageSource = {
      name: reference.source,
      compose: () => Promise.resolve(notice),
      charge: async () => {
        if (!isPaid) await asked.charge?.(code); // Never refused, like other notices (ADR 55).
        isPaid = false;
        return true;
      },
      chargeMore: async (_, amount) => {
        if (amount > counted) await asked.chargeMore?.(code, amount - counted);
      },
    };
    // When the notice gets lost, the send is not run again for it.
    await this.failover
      .send({ source, reference, signal, past: [], others: [] }, notice)
      .catch((error: unknown) => this.logger.error(error));
  }

  private async pretend(run: Run, message: PretendedMessage, routes: readonly Route[]): Promise<void> {
    const begun = this.clock.now();
    const id = await this.begin(run, message, begun);
    if (id === undefined) return;
    const [first] = await this.routing.available(routes);
    await this.pay(run, message, first);
    let verifying = await this.verifiers.takeOver(run, message, first);
    const fate = first === undefined ? ALL_OPEN : await this.liveThrough(routes, begun);
    const last = routes.find(({ provider }) => provider === fate?.provider) ?? first;
    if (last !== first) {
      await this.pay(run, message, last);
      verifying = await this.verifiers.takeOver(run, await this.verifiers.giveBack(run, verifying, message), last);
    }
    if (last !== undefined && fate?.failed !== true)
      return this.accept(id, last.provider, await this.verifiers.name(run, verifying));
    await this.verifiers.giveBack(run, verifying, message);
    await this.fail(run, id, routes.length === 0 ? 'opted_out' : 'unavailable');
  }

  /** As VendorTurn pays for a code, for each vendor that it is handed to. */
  private async pay(run: Run, message: PretendedMessage, route: Route | undefined): Promise<void> {
    const amount = this.costOfCode(run, message, route);
    if (amount > 0) await run.source.chargeMore?.(run.reference, amount);
  }

  private costOfCode({ reference }: Run, message: PretendedMessage, route: Route | undefined): number {
    return route === undefined || !isAskedFor(reference) ? 0 : this.records.beyondCounted(message, route);
  }

  private allowedRoutes(message: PretendedMessage): Promise<readonly Route[]> {
    const routes = this.routing.forCode(message.phone, message);
    return message.channel === 'voice' ? Promise.resolve(routes) : this.optOuts.allowed(message.phone, routes);
  }

  private async fail({ source, reference }: Run, id: string, kind: 'opted_out' | 'unavailable'): Promise<void> {
    await source.sendFailed?.(reference);
    await this.deliveries.failed(id, { kind }, this.clock.now());
  }

  /** It will count as delivered after as long as the newest message of the same vendor took; never while that vendor sends no receipts. */
  private async accept(id: string, provider: string, verificationId: string | null): Promise<void> {
    const now = this.clock.now();
    const took = await this.latest.arrival(provider, now);
    const arrivesAt = took === undefined ? null : new Date(now.getTime() + this.blurred(took));
    await this.deliveries.accepted(id, verificationId, now, arrivesAt);
  }

  private async begin({ reference, past }: Run, { phone, channel }: PretendedMessage, now: Date) {
    const cutShort = past.find(({ status }) => status === 'queued')?.id;
    if (cutShort !== undefined) return cutShort;
    const delivery = { id: this.random.uuid(), reference, provider: null, phone, channel };
    return this.deliveries.begin({ ...delivery, segments: null, expected: null, now });
  }

  /** Waits until all real sends that began earlier have ended, and for as long as the newest one took. @returns the fate of the newest one */
  private async liveThrough(routes: readonly Route[], begun: Date): Promise<Fate | undefined> {
    const providers = routes.map(({ provider }) => provider);
    const began = performance.now();
    await wait(this.blurred((await this.latest.fate(providers))?.milliseconds ?? ASSUMED_MILLISECONDS));
    while (performance.now() - began < LONGEST_MILLISECONDS && (await this.latest.isAnyOpen(providers, begun))) {
      await wait(LOOK_EVERY_MILLISECONDS);
    }
    const fate = await this.latest.fate(providers);
    if (fate !== undefined) await wait(Math.max(0, this.blurred(fate.milliseconds) - (performance.now() - began)));
    return fate;
  }

  /** Up to a tenth more or less, since an exact copy would show that it is one. */
  private blurred(milliseconds: number): number {
    return milliseconds * (0.9 + this.random.below(201) / 1000);
  }
}

/** No code was, where an app is to answer the challenge: then there is a notice at most. */
function isAskedFor({ send }: MessageReference): boolean {
  return send > 0;
}
