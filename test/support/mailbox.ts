// Reads the simulated mailboxes, as a person would: waits until a mail has arrived.
import { setTimeout as sleep } from 'node:timers/promises';
import { patiently } from './patience';

export interface Mail {
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly code: string | null;
  readonly channel: 'email';
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly secure: boolean;
  readonly at: string;
}

const POLL_MS = 15;

export class MailboxReader {
  /** @param simulator origin of the simulator */
  constructor(readonly simulator: string) {}

  /** Newest first. */
  async mails(address: string): Promise<Mail[]> {
    const response = await fetch(`${this.simulator}/mailbox/${encodeURIComponent(address)}`);
    if (!response.ok) throw new Error(`the mailbox of ${address} answered ${response.status}`);
    return (await response.json()) as Mail[];
  }

  /** The newest mail after the one with this id that fits. @throws Error when none arrives within 30 s */
  async mailFor(address: string, fits: (mail: Mail) => boolean, after?: string): Promise<Mail> {
    for (const end = Date.now() + patiently(30_000); ; await sleep(POLL_MS)) {
      const mails = await this.mails(address);
      const seen = mails.findIndex(({ id }) => id === after);
      const found = mails.slice(0, seen < 0 ? undefined : seen).find(fits);
      if (found !== undefined) return found;
      if (Date.now() > end) throw new Error(`no such mail arrived at ${address}`);
    }
  }

  async codeFor(address: string, after?: string): Promise<string> {
    return (await this.mailFor(address, ({ code }) => code !== null, after)).code ?? '';
  }

  /** Id of the newest mail, for `after`. */
  async newest(address: string): Promise<string | undefined> {
    return (await this.mails(address))[0]?.id;
  }
}
