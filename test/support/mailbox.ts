// Reads the simulated mailboxes, as a person would: waits until a mail has arrived.
import { until } from './patience';

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

  /** The newest mail after the one with this id that fits. @throws Error when none arrives in time */
  mailFor(address: string, fits: (mail: Mail) => boolean, after?: string): Promise<Mail> {
    const newest = async (): Promise<Mail | undefined> => {
      const mails = await this.mails(address);
      const seen = mails.findIndex(({ id }) => id === after);
      return mails.slice(0, seen < 0 ? undefined : seen).find(fits);
    };
    return until(newest, `such a mail to ${address}`, 30_000, POLL_MS);
  }

  async codeFor(address: string, after?: string): Promise<string> {
    return (await this.mailFor(address, ({ code }) => code !== null, after)).code ?? '';
  }

  /** Id of the newest mail, for `after`. */
  async newest(address: string): Promise<string | undefined> {
    return (await this.mails(address))[0]?.id;
  }
}
