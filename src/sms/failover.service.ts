// One send over the vendors of its route, one after the other, until one takes it (design D6, security.md F02, F07, F13). Invariants:
// what certainly was not sent moves on at once; what may have been sent is followed by another vendor only 10 s after the first
// hand-over and only with the same code; one verifier per challenge; second tries only where no other vendor is left.
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock';
import type { ProviderFailure } from './contract/failure';
import type { ExpiredMessage, Route } from './contract/message-source';
import { IN_DOUBT, type Progress, type Run } from './failover.types';
import type { Sendable } from './hand-over.service';
import { OptOuts } from './opt-outs/opt-outs.service';
import { type Doubted, leftOpen, Resumption } from './resumption.service';
import { nextVendor } from './routing/failover.policy';
import { carriesOurCode } from './routing/route.policy';
import { Routing } from './routing/routing.service';
import { SendRecords } from './send-records.service';
import { VendorTurn } from './vendor-turn.service';

/** From the first hand-over to a second vendor, when the first may have sent (F13). */
const DOUBT_MILLISECONDS = 10_000;

const OPTED_OUT: ProviderFailure = { kind: 'opted_out', certainty: 'not-sent' };

@Injectable()
export class Failover {
  constructor(
    private readonly routing: Routing,
    private readonly turn: VendorTurn,
    private readonly records: SendRecords,
    private readonly optOuts: OptOuts,
    private readonly resumption: Resumption,
    private readonly clock: Clock,
  ) {}

  /** @throws Error when the run is cut short: the queue runs the job again, which goes on from the record */
  async send(run: Run, message: Sendable): Promise<void> {
    const routes = await this.routesFor(message);
    if (routes === undefined) return this.records.failed(run, message, leftOpen(run, OPTED_OUT), 'opted_out');
    const standing = await this.resumption.resume(run, message, routes);
    if (standing === undefined) return;
    const { doubted, ...rest } = standing;
    const progress: Progress = { message, ...rest };
    if (doubted !== undefined && (await this.again(run, progress, doubted))) return;
    for (;;) {
      const [route, ...others] = await this.routing.available(progress.left, run.signal);
      if (route === undefined) return this.records.failed(run, progress.message, progress.tried);
      if (await this.step(run, progress, route, others.length === 0)) return;
    }
  }

  /** @returns undefined where the number has told every sender that could carry it to stop */
  private async routesFor(message: Sendable): Promise<readonly Route[] | undefined> {
    const { phone } = message;
    const routes = message.kind === 'text' ? this.routing.forText(phone) : this.routing.forCode(phone, message);
    if (message.kind === 'code' && message.channel === 'voice') return routes;
    const allowed = await this.optOuts.allowed(phone, routes);
    return allowed.length === 0 && routes.length > 0 ? undefined : allowed;
  }

  /** What a former run may have handed over goes to the same vendor again; where it may not, others follow a doubt. @returns as step */
  private async again(run: Run, progress: Progress, { route, mayRepeat }: Doubted): Promise<boolean> {
    const [open] = mayRepeat ? await this.routing.available([route], run.signal) : [];
    if (open === undefined) return this.moveOn(run, progress, route, IN_DOUBT);
    return this.step(run, progress, route, progress.left.length === 0);
  }

  /** @returns whether the send has come to its end */
  private async step(run: Run, progress: Progress, route: Route, isLast: boolean): Promise<boolean> {
    const failure = await this.turn.take(run, progress, route, isLast);
    return failure === undefined || this.moveOn(run, progress, route, failure);
  }

  /** Decides who is next. @returns whether time, or its reader, has made the message pointless: then the send has come to its end */
  private async moveOn(run: Run, progress: Progress, route: Route, failure: ProviderFailure): Promise<boolean> {
    const next = nextVendor(failure, !carriesOurCode(route));
    progress.left = next === 'never' ? [] : progress.left.filter(({ provider }) => provider !== route.provider);
    if (next !== 'same_code_later') return false;
    progress.left = progress.left.filter(carriesOurCode);
    if (progress.left.length === 0) return false;
    const expired = await this.followDoubt(run, progress);
    if (expired !== undefined) await this.records.expired(run, expired, progress.tried);
    return expired !== undefined;
  }

  /** Waits, and goes on with the same code where it is still wanted; its counters are asked for another message when there is a place for it. */
  private async followDoubt(
    { source, reference, signal }: Run,
    progress: Progress,
  ): Promise<ExpiredMessage | undefined> {
    const elapsed = this.clock.now().getTime() - (progress.begunAt?.getTime() ?? 0);
    await wait(Math.min(DOUBT_MILLISECONDS, Math.max(0, DOUBT_MILLISECONDS - elapsed)), undefined, { signal });
    // A notice is the same in ten seconds.
    const message = progress.message.kind === 'text' ? progress.message : await source.compose(reference);
    if (message.kind === 'expired') return message;
    if (message.kind === 'pretend') return { kind: 'expired' };
    progress.message = message;
    return undefined;
  }
}
