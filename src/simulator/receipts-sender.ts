// Posts webhooks to the app, as vendors do: receipts, which say what became of a message, and what people write back. A receipt is posted at least
// 50 ms after the send. A webhook that the app does not take is posted again, up to four times in all, so webhooks may arrive in any order.
// Faults, each for one message: duplicate_receipt, late_receipt, undelivered.
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../platform/clock/clock';
import type { OutboundHttp } from '../platform/http/outbound-http';
import type { MessageNews, OutgoingWebhook, Stage } from '../sms/contract/dialect';
import type { Fault } from './faults';

/** One post of a webhook, as GET /receipts shows it. */
interface PostedReceipt {
  readonly provider: string;
  readonly url: string;
  /** sent, delivered, failed, or inbound. */
  readonly about: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** ISO 8601, UTC, by the simulator's clock. */
  readonly at: string;
  /** Status of the answer; null when none came. */
  readonly status: number | null;
}

export interface ReceiptsSenderParts {
  readonly clock: Clock;
  readonly http: OutboundHttp;
  /** SIMULATOR_WEBHOOK_URL, the address that is set up at every vendor. A message may name another one; without any, nothing is posted. */
  readonly webhookUrl: string | undefined;
  readonly stopping: AbortSignal;
  readonly reportBug: (error: Error) => void;
}

const SENT_AFTER_MS = 50;
const ENDED_AFTER_MS = 250;
const LOOK_AT_CLOCK_EVERY_MS = 50;
const TRIES = 4;
const KEPT = 5_000;

export class ReceiptsSender {
  private readonly posted: PostedReceipt[] = [];

  constructor(private readonly parts: ReceiptsSenderParts) {}

  list(provider?: string): readonly PostedReceipt[] {
    return this.posted.filter((receipt) => provider === undefined || receipt.provider === provider);
  }

  /** Posts the receipts of a message, in the background. @param fault of this message */
  tell(provider: string, news: MessageNews, fault: Fault | undefined): void {
    const ending: Stage = fault?.kind === 'undelivered' ? 'failed' : 'delivered';
    const late = fault?.kind === 'late_receipt' ? (fault.ms ?? 0) : 0;
    const times = fault?.kind === 'duplicate_receipt' ? 2 : 1;
    const happened = this.parts.clock.now();
    const stages = [
      { stage: 'sent', after: SENT_AFTER_MS },
      { stage: ending, after: ENDED_AFTER_MS },
    ] as const;
    for (const { stage, after } of stages) {
      for (let time = 0; time < times; time++) {
        const write = (url: string) => news.write(stage, { url, at: this.parts.clock.now() });
        this.inBackground(() => this.waitUntil(happened, late, after), provider, news.url, stage, write);
      }
    }
  }

  /** Posts what a person has written back, in the background. @returns false when there is no address to post to */
  tellInbound(provider: string, write: (url: string, at: Date) => OutgoingWebhook): boolean {
    if (this.urlFor(provider, undefined) === undefined) return false;
    const soon = () => Promise.resolve();
    this.inBackground(soon, provider, undefined, 'inbound', (url) => write(url, this.parts.clock.now()));
    return true;
  }

  private inBackground(
    ready: () => Promise<void>,
    provider: string,
    given: string | undefined,
    about: string,
    write: (url: string) => OutgoingWebhook | undefined,
  ): void {
    const url = this.urlFor(provider, given);
    if (url === undefined) return;
    const post = async (): Promise<void> => {
      await ready();
      for (let tries = 1; ; tries++) {
        const webhook = write(url);
        if (webhook === undefined) return;
        const status = await this.post(provider, url, about, webhook);
        const isTaken = status !== null && status < 500 && status !== 429;
        if (isTaken || tries === TRIES) return;
        await wait(1_000 * tries, undefined, { signal: this.parts.stopping });
      }
    };
    post().catch((error: Error) => error.name === 'AbortError' || this.parts.reportBug(error));
  }

  private async post(provider: string, url: string, about: string, { headers, body }: OutgoingWebhook) {
    const { clock, http, stopping: signal } = this.parts;
    const at = clock.now().toISOString();
    const answer = await http.request({ method: 'POST', url, headers, body, signal });
    const status = answer.ok ? answer.status : null;
    this.posted.push({ provider, url, about, headers, body, at, status });
    if (this.posted.length > KEPT) this.posted.shift();
    return status;
  }

  private urlFor(provider: string, given: string | undefined): string | undefined {
    const { webhookUrl } = this.parts;
    return given ?? (webhookUrl === undefined ? undefined : `${webhookUrl}/webhooks/sms/${provider}`);
  }

  /** Waits `after` real milliseconds, and then until the clock that tests move is `late` milliseconds after `from`. */
  private async waitUntil(from: Date, late: number, after: number): Promise<void> {
    const { clock, stopping: signal } = this.parts;
    await wait(after, undefined, { signal });
    while (clock.now().getTime() - from.getTime() < late) await wait(LOOK_AT_CLOCK_EVERY_MS, undefined, { signal });
  }
}
