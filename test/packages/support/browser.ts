// Drives browser-process.mjs: opens pages and does what a person does. Waits for what has to be seen, never for time.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { patiently } from '../../support/patience';

interface Reply {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

export class BrowserWindow {
  private readonly child: ChildProcess = fork(join(__dirname, 'browser-process.mjs'), {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  private readonly waiting = new Map<number, (reply: Reply) => void>();
  private last = 0;
  private errors = '';

  constructor() {
    this.child.on('message', (reply: Reply) => this.waiting.get(reply.id)?.(reply));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
  }

  /** What the pages wrote to the console as errors. */
  complaints(): string {
    return this.errors;
  }

  async open(url: string): Promise<Tab> {
    return new Tab(this, (await this.act('open', { url })) as number);
  }

  /** Cookies that would go to `url`, those that no script can read included. */
  async cookies(url: string): Promise<Readonly<Record<string, unknown>>[]> {
    return (await this.act('cookies', { url })) as Readonly<Record<string, unknown>>[];
  }

  async close(): Promise<void> {
    await this.act('close');
    const ended = once(this.child, 'exit');
    this.child.disconnect();
    await ended;
  }

  async act(act: string, input: object = {}): Promise<unknown> {
    const id = (this.last += 1);
    const replied = new Promise<Reply>((resolve) => this.waiting.set(id, resolve));
    this.child.send({ id, act, ...input });
    const { answer, error } = await replied;
    this.waiting.delete(id);
    if (error !== undefined) throw new Error(`${act} ${JSON.stringify(input)}: ${error}`);
    return answer;
  }
}

export class Tab {
  constructor(
    private readonly window: BrowserWindow,
    private readonly tab: number,
  ) {}

  async reload(): Promise<void> {
    await this.window.act('reload', { tab: this.tab });
  }

  async fill(selector: string, value: string): Promise<void> {
    await this.window.act('fill', { tab: this.tab, selector, value });
  }

  async click(selector: string): Promise<void> {
    await this.window.act('click', { tab: this.tab, selector });
  }

  async text(selector: string): Promise<string> {
    return String(await this.window.act('text', { tab: this.tab, selector }));
  }

  async readable(): Promise<string> {
    return String(await this.window.act('readable', { tab: this.tab }));
  }

  /** Waits until it can be seen. @throws Error with what the page says when it cannot in time. */
  async sees(selector: string, text?: string): Promise<void> {
    for (const end = Date.now() + patiently(30_000); ; await sleep(20)) {
      const isThere = (await this.window.act('isVisible', { tab: this.tab, selector })) === true;
      if (isThere && (text === undefined || (await this.text(selector)).includes(text))) return;
      if (Date.now() < end) continue;
      throw new Error(`no ${selector} ${text ?? ''}: "${await this.text('#said')}" ${this.window.complaints()}`);
    }
  }
}
