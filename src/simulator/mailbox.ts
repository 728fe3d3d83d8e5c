// The simulated mailboxes: what each address has received.
import type { Clock } from '../platform/clock/clock';
import type { Random } from '../platform/random/random';
import { Received } from './received';

interface ReceivedMail {
  readonly id: string;
  /** Recipient by the envelope, in small letters. */
  readonly to: string;
  /** Name and address of the header From, as text. */
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  /** The first run of 4 to 10 digits in the text, as a phone would find a code; null when there is none. */
  readonly code: string | null;
  readonly channel: 'email';
  /** All headers in their order, with names in small letters. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** Whether the mail came over TLS. */
  readonly secure: boolean;
  /** ISO 8601, UTC, by the simulator's clock. */
  readonly at: string;
}

const CAPACITY = 10_000;
const TEXT_LENGTH_MAX = 10_000;
const CODE = /(?<!\d)\d{4,10}(?!\d)/;

export class Mailbox extends Received<ReceivedMail> {
  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {
    super(CAPACITY);
  }

  deliver(mail: Omit<ReceivedMail, 'id' | 'at' | 'code' | 'channel'>): void {
    const text = mail.text.slice(0, TEXT_LENGTH_MAX);
    const code = CODE.exec(text)?.[0] ?? null;
    const at = this.clock.now().toISOString();
    this.keep({ ...mail, id: this.random.uuid(), text, code, channel: 'email', at });
  }

  /** Newest first. @param address in capital or small letters */
  of(address: string): ReceivedMail[] {
    return this.sentTo(address.trim().toLowerCase());
  }
}
