// One send over the vendors of its route, one after the other, until one takes it (design D6, security.md F02, F07, F13). Invariants:
// what certainly was not sent moves on at once; what may have been sent is followed by another vendor only 10 s after the first
// hand-over and only with the same code; one verifier per challenge; second tries only where no other vendor is left.
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ExponentialBackoff, handleWhenResult, retry } from 'cockatiel';
import { Clock } from '../platform/clock/clock';
import type { ProviderFailure, ProviderResult } from './contract/failure';
import type { ExpiredMessage, Route, VerifierState } from './contract/message-source';
import { HandOver, Sendable } from './hand-over.service';
import { OptOuts } from './opt-outs/opt-outs.service';
import { Resumption } from './resumption.service';
import { mayTryAgain, nextVendor, wasNotSent } from './routing/failover.policy';
import { carriesOurCode } from './routing/route.policy';
import { Routing } from './routing/routing.service';
import { Run, SendRecords, Tried } from './send-records.service';

/** From the first hand-over to a second vendor, when the first may have sent (F13). */
const DOUBT_MILLISECONDS = 10_000;

/** Three tries, 0.5 and 1 s apart with jitter (security.md 5.8). */
const upToThreeTimes = retry(
  handleWhenResult((result) => {
    const tried = result as ProviderResult<string> | undefined;
    return tried?.ok === false && mayTryAgain(tried.failure);
  }),
  { maxAttempts: 2, backoff: new ExponentialBackoff({ initialDelay: 500, maxDelay: 2000 }) },
);

/** The breaker closed the vendor between the choice and the call. */
const NOT_CALLED: ProviderResult<string> = { ok: false, failure: { kind: 'unavailable', certainty: 'not-sent' } };

/** Where a send stands; changes as vendors are tried. */
interface Progress {
  message: Sendable;
  /** Vendors that may still be tried, in order. */
  left: readonly Route[];
  /** Hand-overs without a good end so far. */
  tried: Tried[];
  /** Of the first hand-over. */
  begunAt: Date | undefined;
}

@Injectable()
export class Failover {
  constructor(
    private readonly routing: Routing,
    private readonly handOver: HandOver,
    private readonly records: SendRecords,
    private readonly optOuts: OptOuts,
    private readonly resumption: Resumption,
    private readonly clock: Clock,
  ) {}

  /** @throws Error when the run is cut short: the queue runs the job again, which goes on from the record */
  async send(run: Run, message: Sendable): Promise<void> {
    const routes = await this.routesFor(message);
    if (routes === undefined) return this.records.failed(run, message, [], 'opted_out');
    const standing = await this.resumption.resume(run, message, routes);
    if (standing === undefined) return;
    const { left, tried } = standing;
    const progress: Progress = { message, left, tried: [...tried], begunAt: run.past.at(-1)?.createdAt };
    for (;;) {
      const [route, ...others] = await this.routing.available(progress.left, run.signal);
      if (route === undefined) return this.records.failed(run, progress.message, progress.tried);
      const failure = await this.tryVendor(run, progress, route, others.length === 0);
      if (failure === undefined) return;
      const expired = await this.moveOn(run, progress, route, failure);
      if (expired !== undefined) return this.records.expired(run, expired, progress.tried);
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

  /** @returns what went wrong; undefined when the send has come to its end */
  private async tryVendor(
    run: Run,
    progress: Progress,
    route: Route,
    isLast: boolean,
  ): Promise<ProviderFailure | undefined> {
    const before = verifierOf(progress.message);
    if (!(await this.takeOver(run, progress, route))) {
      await this.records.settle(progress.tried);
      return undefined;
    }
    const deliveryId = await this.records.begin(run, progress.message, route);
    if (deliveryId === undefined) return undefined;
    progress.begunAt ??= this.clock.now();
    await this.records.settle(progress.tried.filter(({ failure }) => wasNotSent(failure)));
    const result = await this.call(run, progress.message, route, deliveryId, isLast);
    const acceptedAs = result.ok ? result.value : hadIt(run, route, deliveryId, result.failure);
    if (acceptedAs !== undefined) {
      await this.conclude(run, progress, route, deliveryId, acceptedAs);
      return undefined;
    }
    if (result.ok) return undefined;
    const tried = { deliveryId, provider: route.provider, failure: result.failure };
    this.records.warn(tried);
    if (result.failure.kind === 'opted_out') await this.optOuts.refused(route.provider, progress.message.phone);
    progress.tried.push(tried);
    if (wasNotSent(result.failure)) await this.giveBack(run, progress, before);
    return result.failure;
  }

  /** The message is out. Each record is made though the other is refused: either tells the next run that there is nothing to send. */
  private async conclude(run: Run, progress: Progress, route: Route, deliveryId: string, acceptedAs: string | null) {
    const naming = acceptedAs === null ? undefined : this.name(run, progress, route, acceptedAs);
    const [named] = await Promise.allSettled([naming]);
    await this.records.accepted(run, route, deliveryId, acceptedAs, progress.tried);
    if (named.status === 'rejected') throw named.reason;
  }

  private async call(
    { signal }: Run,
    message: Sendable,
    route: Route,
    deliveryId: string,
    isLast: boolean,
  ): Promise<ProviderResult<string>> {
    const hand = () => this.handOver.to(route, message, deliveryId, signal);
    if (!isLast) return (await hand()) ?? NOT_CALLED;
    const result = await upToThreeTimes.execute(hand);
    if (result !== undefined) return result;
    const probed = await this.routing.available([route], signal);
    return (probed.length > 0 ? await hand() : undefined) ?? NOT_CALLED;
  }

  /** Decides who is next. @returns the message, when time or its reader has made it pointless */
  private async moveOn(
    run: Run,
    progress: Progress,
    route: Route,
    failure: ProviderFailure,
  ): Promise<ExpiredMessage | undefined> {
    const next = nextVendor(failure, !carriesOurCode(route));
    progress.left = next === 'never' ? [] : progress.left.filter(({ provider }) => provider !== route.provider);
    if (next !== 'same_code_later') return undefined;
    progress.left = progress.left.filter(carriesOurCode);
    if (progress.left.length === 0) return undefined;
    return this.followDoubt(run, progress);
  }

  /** Waits, and goes on with the same code where it is still wanted and its counters take another message. */
  private async followDoubt(
    { source, reference, signal }: Run,
    progress: Progress,
  ): Promise<ExpiredMessage | undefined> {
    const elapsed = this.clock.now().getTime() - (progress.begunAt?.getTime() ?? 0);
    await wait(Math.min(DOUBT_MILLISECONDS, Math.max(0, DOUBT_MILLISECONDS - elapsed)), undefined, { signal });
    // A notice is the same in ten seconds; composing it again would count it again.
    const message = progress.message.kind === 'text' ? progress.message : await source.compose(reference);
    if (message.kind === 'expired') return message;
    if (message.kind === 'pretend') return { kind: 'expired' };
    progress.message = message;
    if ((await source.chargeAnotherWay?.(reference)) === false) progress.left = [];
    return undefined;
  }

  /** The codes of this vendor are the ones that count from now on. @returns false when the challenge is no longer ours to change */
  private async takeOver(run: Run, progress: Progress, route: Route): Promise<boolean> {
    const { message } = progress;
    if (message.kind === 'text' || this.handOver.repeats(route, message)) return true;
    return this.change(run, progress, {
      provider: carriesOurCode(route) ? null : route.provider,
      verificationId: null,
    });
  }

  /** A service has answered: its verification is the one to ask about. */
  private async name(run: Run, progress: Progress, route: Route, verificationId: string): Promise<void> {
    if (!carriesOurCode(route)) await this.change(run, progress, { provider: route.provider, verificationId });
  }

  /** Nothing was sent, so a code that an earlier send brought is good again. */
  private async giveBack(run: Run, progress: Progress, before: VerifierState | undefined): Promise<void> {
    if (before !== undefined && run.reference.send > 1) await this.change(run, progress, before);
  }

  private async change({ source, reference }: Run, progress: Progress, to: VerifierState): Promise<boolean> {
    const { message } = progress;
    if (message.kind === 'text') return true;
    const from = message.verifier;
    const isSame = from.provider === to.provider && from.verificationId === to.verificationId;
    if (isSame && !message.verificationEnded) return true;
    if ((await source.changeVerifier?.(reference, from, to)) === false) return false;
    progress.message = { ...message, verifier: to, verificationEnded: false };
    return true;
  }
}

/** A repetition that the vendor knows by our reference: it had the message before the run was cut short (F13). */
function hadIt({ past }: Run, route: Route, deliveryId: string, { kind }: ProviderFailure): null | undefined {
  const isRepetition = carriesOurCode(route) && past.some(({ id }) => id === deliveryId);
  return isRepetition && kind === 'duplicate' ? null : undefined;
}

/** Undefined where giving back would revive nothing. */
function verifierOf(message: Sendable): VerifierState | undefined {
  return message.kind === 'text' || message.verificationEnded ? undefined : message.verifier;
}
