// The simulated mailboxes: what each address has received. Memory is bounded: beyond the capacity the oldest mail goes.
import type { Clock } from '../platform/clock/clock';
import type { Random } from '../platform/random/random';

export interface ReceivedMail {
  readonly id: string;
  /** Of the envelope, small letters. */
  readonly to: string;
  /** Of the header From, as text. */
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  /** As a phone would find it: the first run of 4 to 10 digits; null when there is none. */
  readonly code: string | null;
  readonly channel: 'email';
  /** In their order, names in small letters. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** Whether it came over TLS. */
  readonly secure: boolean;
  /** ISO 8601, UTC, by the simulator's clock. */
  readonly at: string;
}

export type MailboxEvent = { readonly kind: 'mail'; readonly mail: ReceivedMail } | { readonly kind: 'emptied' };

const TEXT_LENGTH_MAX = 10_000;
const CODE = /(?<!\d)\d{4,10}(?!\d)/;

export class Mailbox {
  /** Oldest first. */
  private mails: ReceivedMail[] = [];
  private readonly listeners = new Set<(event: MailboxEvent) => void>();

  /** @param capacity mails kept over all addresses */
  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly capacity = 10_000,
  ) {}

  deliver(mail: Omit<ReceivedMail, 'id' | 'at' | 'code' | 'channel'>): void {
    const text = mail.text.slice(0, TEXT_LENGTH_MAX);
    const code = CODE.exec(text)?.[0] ?? null;
    const at = this.clock.now().toISOString();
    const received = { ...mail, id: this.random.uuid(), text, code, channel: 'email', at } as const;
    this.mails.push(received);
    if (this.mails.length > this.capacity) this.mails.shift();
    this.tell({ kind: 'mail', mail: received });
  }

  /** Newest first. @param address in whatever letters */
  of(address: string): ReceivedMail[] {
    const wanted = address.trim().toLowerCase();
    return this.mails.filter(({ to }) => to === wanted).reverse();
  }

  /** The newest mails of all addresses, newest first. */
  newest(count: number): ReceivedMail[] {
    return this.mails.slice(-count).reverse();
  }

  clear(): void {
    this.mails = [];
    this.tell({ kind: 'emptied' });
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: (event: MailboxEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(event: MailboxEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}
