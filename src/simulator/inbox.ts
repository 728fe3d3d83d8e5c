// The simulated phones: what each number has received. Memory is bounded: beyond the capacity the oldest message goes.
import type { Clock } from '../platform/clock/clock';
import type { Random } from '../platform/random/random';
import type { PhoneMessage } from '../sms/contract/dialect';

interface InboxMessage extends PhoneMessage {
  readonly id: string;
  readonly provider: string;
  /** ISO 8601, UTC, by the simulator's clock. */
  readonly at: string;
}

export type InboxEvent = { readonly kind: 'message'; readonly message: InboxMessage } | { readonly kind: 'cleared' };

const TEXT_LENGTH_MAX = 10_000;

export class Inbox {
  /** Oldest first. */
  private messages: InboxMessage[] = [];
  private readonly listeners = new Set<(event: InboxEvent) => void>();

  /** @param capacity messages kept over all phones */
  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly capacity = 10_000,
  ) {}

  deliver(provider: string, message: PhoneMessage): void {
    const received: InboxMessage = {
      id: this.random.uuid(),
      to: message.to,
      text: message.text.slice(0, TEXT_LENGTH_MAX),
      code: message.code,
      channel: message.channel,
      provider,
      at: this.clock.now().toISOString(),
    };
    this.messages.push(received);
    if (this.messages.length > this.capacity) this.messages.shift();
    this.tell({ kind: 'message', message: received });
  }

  /** Newest first. @param phone E.164 with + */
  of(phone: string): InboxMessage[] {
    return this.messages.filter(({ to }) => to === phone).reverse();
  }

  /** The newest messages of all phones, newest first. */
  newest(count: number): InboxMessage[] {
    return this.messages.slice(-count).reverse();
  }

  clear(): void {
    this.messages = [];
    this.tell({ kind: 'cleared' });
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: (event: InboxEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(event: InboxEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}

/** `+12025550123`, the same with %2B (decoded by the router) or bare digits. @returns E.164 with +, undefined when it is no number */
export function phoneFromParameter(parameter: string): string | undefined {
  const match = /^\+?(\d{1,15})$/.exec(parameter.trim());
  return match === null ? undefined : `+${match[1]}`;
}
