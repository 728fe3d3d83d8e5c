// Reads the simulated phone, as a person would: waits until a message has arrived.
import { setTimeout as sleep } from 'node:timers/promises';
import { patiently } from './patience';

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
  async messageFor(phone: string, { after, timeoutMs = patiently(30_000) }: WaitOptions = {}): Promise<Message> {
    for (const end = Date.now() + timeoutMs; ; await sleep(POLL_MS)) {
      const [newest] = await this.messages(phone);
      if (newest !== undefined && newest.id !== after) return newest;
      if (Date.now() > end) throw new Error(`no message arrived at ${phone} within ${timeoutMs} ms`);
    }
  }

  /** Of the newest message with a code since; notices are passed over. @throws Error when none arrives in time */
  async codeFor(phone: string, { after, timeoutMs = patiently(30_000) }: WaitOptions = {}): Promise<string> {
    for (const end = Date.now() + timeoutMs; ; await sleep(POLL_MS)) {
      const messages = await this.messages(phone);
      const seen = messages.findIndex(({ id }) => id === after);
      const code = messages.slice(0, seen < 0 ? undefined : seen).find((message) => message.code !== null)?.code;
      if (typeof code === 'string') return code;
      if (Date.now() > end) throw new Error(`no code arrived at ${phone} within ${timeoutMs} ms`);
    }
  }

  async clear(): Promise<void> {
    await fetch(`${this.simulator}/inbox`, { method: 'DELETE' });
  }
}
