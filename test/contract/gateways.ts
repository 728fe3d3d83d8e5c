// The gateway of docs/sms-gateway.md, twice: as the simulator plays it, and as the sample that operators start from.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { dialect } from '../../src/sms/providers/http/http.dialect';
import { until } from '../support/patience';
import { DialectBench } from './dialect-bench';

export interface Gateway {
  readonly url: string;
  readonly secret: string;
  now(): number;
  /** Texts that went out, oldest first, up to this one, which is waited for. */
  sentUntil(text: string): Promise<readonly string[]>;
  stop(): Promise<unknown>;
}

export async function simulated(): Promise<Gateway> {
  const bench = new DialectBench(dialect, () => '');
  const server = await bench.serve();
  return {
    url: `${server.origin}/sms-gateway`,
    secret: bench.credentials['SMS_HTTP_SECRET'] ?? '',
    now: () => bench.clock.now().getTime(),
    sentUntil: () => Promise.resolve(bench.phone.map(({ text }) => text)),
    stop: () => server.close(),
  };
}

/** The program that operators start from. */
export const sample = join(__dirname, '../../examples/sms-gateway/gateway.cjs');

export async function sampleProgram(): Promise<Gateway> {
  const secret = 'the-secret-of-a-test-with-32-characters';
  const env = { ...process.env, SMS_HTTP_SECRET: secret, PORT: '0', HOST: '127.0.0.1' };
  const child: ChildProcess = spawn(process.execPath, [sample], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const texts: string[] = [];
  if (child.stdout === null) throw new Error('the sample has no output');
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the sample ended with ${code}`)));
    lines.on('line', (line) => {
      const said = JSON.parse(line) as { event: string; gateway?: string; text?: string };
      if (said.event === 'ready') resolve(said.gateway ?? '');
      else if (said.event === 'message') texts.push(said.text ?? '');
    });
  });
  const stop = () => {
    child.removeAllListeners('exit');
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    return ended;
  };
  const sentUntil = (text: string) => until(() => texts.includes(text) && texts, `the message "${text}"`);
  return { url, secret, now: () => Date.now(), sentUntil, stop };
}
