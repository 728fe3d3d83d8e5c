// The simulated phones: what each number has received.
import type { Clock } from '../platform/clock/clock';
import type { Random } from '../platform/random/random';
import type { PhoneMessage } from '../sms/contract/dialect';
import { Received } from './received';

interface InboxMessage extends PhoneMessage {
  readonly id: string;
  readonly provider: string;
  /** ISO 8601, UTC, by the simulator's clock. */
  readonly at: string;
}

const TEXT_LENGTH_MAX = 10_000;

export class Inbox extends Received<InboxMessage> {
  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    capacity = 10_000,
  ) {
    super(capacity);
  }

  deliver(provider: string, { to, text, code, channel }: PhoneMessage): void {
    const at = this.clock.now().toISOString();
    this.keep({ id: this.random.uuid(), to, text: text.slice(0, TEXT_LENGTH_MAX), code, channel, provider, at });
  }

  /** Newest first. @param phone E.164 with + */
  of(phone: string): InboxMessage[] {
    return this.sentTo(phone);
  }
}

/** Reads +12025550123, %2B12025550123 (the router decodes it) or 12025550123. @returns E.164 with +; undefined for any other text */
export function phoneFromParameter(parameter: string): string | undefined {
  const match = /^\+?(\d{1,15})$/.exec(parameter.trim());
  return match === null ? undefined : `+${match[1]}`;
}
