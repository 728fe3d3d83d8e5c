// The most obedient verifier there can be, for tests that move the clock: jose, in a process of its own, with a key set that it
// fetches when its Cache-Control says that the old one has expired, and never for a key id that it does not know.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { ROOT } from './program';

const script = `
  import { createLocalJWKSet, jwtVerify } from 'jose';
  import { createInterface } from 'node:readline';
  const [jwks, options] = process.argv.slice(1);
  let keys, goodUntil = -Infinity;
  async function keySet(now) {
    if (now >= goodUntil) {
      const answer = await fetch(jwks);
      const age = /max-age=(\\d+)/.exec(answer.headers.get('cache-control'))[1];
      keys = createLocalJWKSet(await answer.json());
      goodUntil = now + Number(age) * 1000;
    }
    return keys;
  }
  for await (const line of createInterface({ input: process.stdin })) {
    const { token, now } = JSON.parse(line);
    try {
      await jwtVerify(token, await keySet(now), { ...JSON.parse(options), currentDate: new Date(now) });
      console.log('ok');
    } catch (error) {
      console.log(error.code ?? String(error));
    }
  }`;

export class CachingVerifier {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly lines: Interface;
  private readonly waiting: ((verdict: string) => void)[] = [];

  /** @param options jose's JWTVerifyOptions */
  constructor(jwks: string, options: object) {
    const parameters = ['--input-type=module', '-e', script, jwks, JSON.stringify(options)];
    this.child = spawn(process.execPath, parameters, { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout });
    this.lines.on('line', (verdict) => this.waiting.shift()?.(verdict));
  }

  /** @param now the moment it judges at. @returns `ok`, or jose's error code */
  verify(token: string, now: Date): Promise<string> {
    const verdict = new Promise<string>((resolve) => this.waiting.push(resolve));
    this.child.stdin.write(`${JSON.stringify({ token, now: now.getTime() })}\n`);
    return verdict;
  }

  async stop(): Promise<void> {
    this.child.stdin.end();
    await once(this.child, 'exit');
  }
}
