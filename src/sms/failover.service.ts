// One send: tries the vendors of its route one after the other, until one takes the message (design D6, security.md F02, F07, F13). Invariants:
// after a vendor that certainly has not sent the message, the next one is tried at once. After a vendor that may have sent it, the next one
// is tried 10 s after the first hand-over, and only with the same code. A challenge has one verifier at a time. The same vendor is tried
// again only when no other vendor is left.
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock';
import type { ProviderFailure } from './contract/failure';
import type { ExpiredMessage, Route } from './contract/message-source';
import { IN_DOUBT, isFinal, type Progress, type Run } from './failover.types';
import type { Sendable } from './hand-over.service';
import { OptOuts } from './opt-outs/opt-outs.service';
import { type Doubted, leftOpen, Resumption } from './resumption.service';
import { nextVendor } from './routing/failover.policy';
import { carriesOurCode } from './routing/route.policy';
import { Routing } from './routing/routing.service';
import { SendEnd } from './send-end.service';
import { VendorTurn } from './vendor-turn.service';

/** From the first hand-over to a second vendor, when the first may have sent (F13). */
const DOUBT_MILLISECONDS = 10_000;

const OPTED_OUT: ProviderFailure = { kind: 'opted_out', certainty: 'not-sent' };

@Injectable()
export class Failover {
  constructor(
    private readonly routing: Routing,
    private readonly turn: VendorTurn,
    private readonly sendEnd: SendEnd,
    private readonly optOuts: OptOuts,
    private readonly resumption: Resumption,
    private readonly clock: Clock,
  ) {}

  /** @throws Error when the run is cut short: the queue runs the job again, which goes on from the record */
  async send(run: Run, message: Sendable): Promise<void> {
    const routes = await this.routesFor(message);
    if (routes === undefined) return this.sendEnd.failed(run, message, leftOpen(run, OPTED_OUT), 'opted_out');
    const standing = await this.resumption.resume(run, message, routes);
    if (standing === undefined) return;
    const { progress, doubted } = standing;
    if (doubted !== undefined && (await this.callAgain(progress, doubted))) return;
    for (;;) {
      const [route, ...others] = await this.routing.available(progress.left, run.signal);
      if (route === undefined) return this.sendEnd.failed(run, progress.message, progress.tried);
      if (await this.tryVendor(progress, route, others.length === 0)) return;
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

  /** Gives the message again to the vendor that may have had it, if that is allowed, and else to the next one. @returns as tryVendor */
  private async callAgain(progress: Progress, { route, mayRepeat }: Doubted): Promise<boolean> {
    const [open] = mayRepeat ? await this.routing.available([route], progress.run.signal) : [];
    if (open === undefined) return this.moveOn(progress, route, IN_DOUBT);
    return this.tryVendor(progress, route, progress.left.length === 0);
  }

  /** @returns whether the send has come to its end */
  private async tryVendor(progress: Progress, route: Route, isLast: boolean): Promise<boolean> {
    const failure = await this.turn.take(progress, route, isLast);
    return failure === undefined || this.moveOn(progress, route, failure);
  }

  /** Decides which vendors are left. @returns whether the send has come to its end, since nobody needs the message any more */
  private async moveOn(progress: Progress, route: Route, failure: ProviderFailure): Promise<boolean> {
    const next = nextVendor(failure, !carriesOurCode(route));
    progress.left = next === 'never' ? [] : progress.left.filter(({ provider }) => provider !== route.provider);
    if (next !== 'same_code_later') return false;
    progress.left = progress.left.filter(carriesOurCode);
    if (progress.left.length === 0) return false;
    const expired = await this.waitOutDoubt(progress);
    if (expired !== undefined) await this.sendEnd.expired(progress.run, expired, progress.tried);
    return expired !== undefined || this.sendEnd.endedMeanwhile(progress.run, progress.tried, isFinal);
  }

  /** @returns undefined when the message, with the same code, is still wanted; it is charged once the next vendor has a place for it */
  private async waitOutDoubt(progress: Progress): Promise<ExpiredMessage | undefined> {
    const { source, reference, signal } = progress.run;
    const elapsed = this.clock.now().getTime() - (progress.begunAt?.getTime() ?? 0);
    await wait(Math.min(DOUBT_MILLISECONDS, Math.max(0, DOUBT_MILLISECONDS - elapsed)), undefined, { signal });
    // A notice does not change in ten seconds.
    const message = progress.message.kind === 'text' ? progress.message : await source.compose(reference);
    if (message.kind === 'expired') return message;
    if (message.kind === 'pretend') return { kind: 'expired' };
    progress.message = message;
    return undefined;
  }
}
