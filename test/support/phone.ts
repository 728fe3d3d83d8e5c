// Reads the simulated phone, as a person would: waits until a message has arrived.
import { until } from './patience';

export interface Message {
  readonly id: string;
  readonly to: string;
  readonly text: string;
  readonly code: string | null;
  readonly channel: 'sms' | 'voice';
  readonly provider: string;
  readonly at: string;
}

export interface WaitOptions {
  /** Id of the newest message seen so far: only a later one counts. */
  readonly after?: string | undefined;
  readonly timeoutMs?: number;
}

const POLL_MS = 15;

export class PhoneReader {
  /** @param simulator origin of the simulator */
  constructor(readonly simulator: string) {}

  /** Newest first. */
  async messages(phone: string): Promise<Message[]> {
    const response = await fetch(`${this.simulator}/inbox/${encodeURIComponent(phone)}`);
    if (!response.ok) throw new Error(`the inbox of ${phone} answered ${response.status}`);
    return (await response.json()) as Message[];
  }

  /** Id of the newest message, for `after`. */
  async newest(phone: string): Promise<string | undefined> {
    return (await this.messages(phone))[0]?.id;
  }

  /** @throws Error when nothing arrives in time (30 s unless told: a busy machine is no fault of what is tested). */
  messageFor(phone: string, { after, timeoutMs = 30_000 }: WaitOptions = {}): Promise<Message> {
    const newer = async (): Promise<Message | false | undefined> => {
      const [newest] = await this.messages(phone);
      return newest?.id !== after && newest;
    };
    return until(newer, `a message to ${phone}`, timeoutMs, POLL_MS);
  }

  /** Of the newest message with a code since; notices are passed over. @throws Error when none arrives in time */
  codeFor(phone: string, { after, timeoutMs = 30_000 }: WaitOptions = {}): Promise<string> {
    const newest = async (): Promise<string | null | undefined> => {
      const messages = await this.messages(phone);
      const seen = messages.findIndex(({ id }) => id === after);
      return messages.slice(0, seen < 0 ? undefined : seen).find((message) => message.code !== null)?.code;
    };
    return until(newest, `a code to ${phone}`, timeoutMs, POLL_MS);
  }

  async clear(): Promise<void> {
    await fetch(`${this.simulator}/inbox`, { method: 'DELETE' });
  }
}
