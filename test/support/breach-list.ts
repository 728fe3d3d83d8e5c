// A list of breached passwords on 127.0.0.1, asked by range as the public one is (haveibeenpwned.com/API/v3, 2025-11: suffixes and counts,
// padded with entries that count 0), with faults.
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { VendorStub } from './vendor-stub';

export class BreachList {
  /** garbage: a page instead of a list; silent: no answer at all. */
  fault: 'garbage' | '503' | 'silent' | undefined;
  private readonly digests: string[] = [];

  private constructor(private readonly stub: VendorStub) {}

  static async start(): Promise<BreachList> {
    const stub = await VendorStub.start(() => undefined);
    const list = new BreachList(stub);
    stub.answer = (response) => list.answer(response);
    return list;
  }

  get origin(): string {
    return this.stub.origin;
  }

  /** Paths, in order. */
  get asked(): string[] {
    return this.stub.requests.map(({ path }) => path);
  }

  add(password: string): void {
    this.digests.push(createHash('sha1').update(password).digest('hex').toUpperCase());
  }

  stop(): Promise<void> {
    return this.stub.stop();
  }

  private answer(response: ServerResponse): void {
    if (this.fault === 'silent') return;
    const prefix = this.asked.at(-1)?.slice(-5) ?? '';
    const found = this.digests.filter((digest) => digest.startsWith(prefix)).map((digest) => `${digest.slice(5)}:3`);
    const padding = Array.from(
      { length: 800 },
      (_, index) => `${index.toString(16).toUpperCase().padStart(35, '0')}:0`,
    );
    const body = this.fault === 'garbage' ? '<html>Welcome to our network</html>' : [...padding, ...found].join('\r\n');
    response.writeHead(this.fault === '503' ? 503 : 200, { 'content-type': 'text/plain' }).end(body);
  }
}
