// Puts a message into the form that a vendor takes and hands it over, through the vendor's breaker. Knows the kinds of vendors, but not their order.
import { Injectable } from '@nestjs/common';
import { markCall } from '../platform/request/call-mark';
import type { ProviderResult } from './contract/failure';
import type { CodeMessage, PretendedMessage, Route, TextMessage } from './contract/message-source';
import type { Channel } from './contract/provider';
import { VendorHealth } from './routing/vendor-health.service';
import { Vendors } from './routing/vendors.service';

export type Sendable = TextMessage | CodeMessage;

export interface Prepared {
  readonly message: Sendable;
  /** Our delivery id. It is the same for all tries of one hand-over, so that a vendor that takes it can recognise a repetition. */
  readonly reference: string;
}

@Injectable()
export class HandOver {
  constructor(
    private readonly vendors: Vendors,
    private readonly health: VendorHealth,
  ) {}

  /** Whether a message would have to wait for a place at this vendor. */
  isBusy({ provider }: Route): boolean {
    return this.health.isBusy(provider);
  }

  /**
   * @param prepare called when there is a place. When it returns undefined, the vendor is not called
   * @param signal of the run
   * @returns the vendor's id of the message or verification; undefined when the vendor was not called
   * @throws the signal's reason when it was aborted before the vendor was called; what `prepare` throws
   */
  to(
    route: Route,
    prepare: () => Promise<Prepared | undefined>,
    signal: AbortSignal,
  ): Promise<ProviderResult<string> | undefined> {
    const hand = ({ message, reference }: Prepared) => markCall(() => this.hand(route, message, reference));
    return this.health.call(route.provider, prepare, hand, signal);
  }

  /** Whether this vendor would send the code of the running verification once more instead of starting a new one. */
  repeats({ provider }: Route, { verifier, verificationEnded }: CodeMessage): boolean {
    const isRunning = verifier.provider === provider && verifier.verificationId !== null && !verificationEnded;
    return isRunning && this.vendors.service(provider)?.resend !== undefined;
  }

  /** Whether a message that this vendor may have had can go there again: its code stays the same, or the vendor begins nothing twice. */
  mayRepeat({ provider, kind }: Route): boolean {
    return kind !== 'service' || this.vendors.service(provider)?.startsOncePerReference === true;
  }

  private async hand(route: Route, message: Sendable, reference: string): Promise<ProviderResult<string>> {
    const { provider, kind } = route;
    const { phone: to, ttlSeconds } = message;
    if (kind === 'service') return this.startOrResend(route, codeOf(message), reference);
    if (kind === 'sender') {
      const sent = await this.vendors.sender(provider).send({ to, text: textOf(message), ttlSeconds, reference });
      return sent.ok ? { ok: true, value: sent.value.providerMessageId } : sent;
    }
    const own = codeOf(message);
    const { channel, locale } = own;
    const { code } = own.ownCode();
    const sent = await this.vendors.codeSender(provider).sendCode({ to, channel, code, locale, ttlSeconds, reference });
    return sent.ok ? { ok: true, value: sent.value.providerMessageId } : sent;
  }

  private async startOrResend(route: Route, message: CodeMessage, reference: string): Promise<ProviderResult<string>> {
    const service = this.vendors.service(route.provider);
    if (service === undefined) throw new Error(`${route.provider} is not a configured verification service`);
    const { phone: to, channel, locale, ttlSeconds, verifier } = message;
    const request = { to, channel, locale, ttlSeconds, reference };
    const running = this.repeats(route, message) ? verifier.verificationId : null;
    const started =
      running !== null && service.resend !== undefined
        ? await service.resend({ ...request, providerVerificationId: running })
        : await service.start(request);
    return started.ok ? { ok: true, value: started.value.providerVerificationId } : started;
  }
}

/** The text that a message sender carries. */
export function textOf(message: Sendable): string {
  return message.kind === 'text' ? message.text : message.ownCode().text;
}

export function channelOf(message: Sendable | PretendedMessage): Channel {
  return message.kind === 'text' ? 'sms' : message.channel;
}

function codeOf(message: Sendable): CodeMessage {
  if (message.kind === 'code') return message;
  throw new Error('a notice was routed to a vendor that carries codes only');
}
