// Who wants no messages from which of our senders (ADR 32). A STOP that a person has written to us counts for ever. A vendor's refusal
// counts for a day, because the person may have taken the STOP back without our knowing. Calls are not affected, since STOP is about texts.
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock';
import { KeyedDigest } from '../../platform/crypto/keyed-digest';
import type { Route } from '../contract/message-source';
import type { InboundMessage } from '../contract/receipt';
import { senderOf } from '../contract/receipt-fields';
import { Vendors } from '../routing/vendors.service';
import { keywordIn } from './keywords.policy';
import { OptOutsStore } from './opt-outs.store';

const DIGEST = 'opt-out';
const ANY_SENDER = '*';
const BELIEVE_VENDOR_MILLISECONDS = 24 * 3_600_000;

@Injectable()
export class OptOuts {
  constructor(
    private readonly store: OptOutsStore,
    private readonly vendors: Vendors,
    private readonly digests: KeyedDigest,
    private readonly clock: Clock,
  ) {}

  /** Ignores all other texts. */
  async hear(provider: string, { from, to, text, at, optOut }: InboundMessage): Promise<void> {
    const word = optOut ?? keywordIn(text);
    if (word === undefined) return;
    const now = this.clock.now();
    // A vendor's clock may be ahead. A message with such a time must not win over a later one.
    const saidAt = at !== null && at < now ? at : now;
    const stopped = word === 'stop';
    const phoneDigest = this.digests.digest(DIGEST, from);
    await this.store.note({ phoneDigest, provider, sender: to, stopped, saidAt, believedUntil: null });
    if (!stopped) await this.store.forgive(this.digests.all(DIGEST, from), provider, saidAt);
  }

  /** A vendor refuses to send to this number because the number has told it to stop. */
  async refused(provider: string, phone: string): Promise<void> {
    const saidAt = this.clock.now();
    const believedUntil = new Date(saidAt.getTime() + BELIEVE_VENDOR_MILLISECONDS);
    const sender = senderOf(this.vendors.senderName(provider)) ?? ANY_SENDER; // as in what people write to it
    const phoneDigest = this.digests.digest(DIGEST, phone);
    await this.store.note({ phoneDigest, provider, sender, stopped: true, saidAt, believedUntil });
  }

  /** @returns the routes whose sender this number has not told to stop */
  async allowed(phone: string, routes: readonly Route[]): Promise<readonly Route[]> {
    const stopped = await this.store.find(this.digests.all(DIGEST, phone), this.clock.now());
    if (stopped.length === 0) return routes;
    return routes.filter(({ provider }) => {
      const own = this.vendors.senderName(provider);
      return !stopped.some((row) => row.provider === provider && isSame(row.sender, own));
    });
  }
}

/** @param own undefined where the vendor picks the sender: then a STOP to any of its senders counts */
function isSame(stopped: string, own: string | undefined): boolean {
  return own === undefined || stopped === ANY_SENDER || digits(stopped) === digits(own);
}

/** Vendors name numbers with and without the +. */
function digits(sender: string): string {
  return sender.replace(/^\+/, '');
}
