// The simulator as the program that `npm start` and `npm run simulator` run: its process, its phones, its page.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../support/patience';

const program = join(__dirname, '../../dist/src/simulator/main.js');
const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
const phone = '+12025550123';

interface Running {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  readonly ended: Promise<unknown[]>;
}

function launch(env: Record<string, string> = {}): Running {
  const keys = { TELNYX_API_KEY: 'KEY_test', TELNYX_PHONE_NUMBER: '+12025550100' };
  const base = { PATH: process.env['PATH'], LATCHKEY_DIR: folder, SIMULATOR_PORT: '0', SIMULATOR_SMTP_PORT: 'off' };
  const child = fork(program, { env: { ...base, ...keys, ...env }, silent: true, execArgv: [] });
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (data) => (output.stdout += String(data)));
  child.stderr?.on('data', (data) => (output.stderr += String(data)));
  // Not the event `close`: it does not come after the parent has disconnected.
  const all = [once(child, 'exit'), once(child.stdout!, 'close'), once(child.stderr!, 'close')] as const;
  return { child, output, ended: Promise.all(all).then(([exit]) => exit as unknown[]) };
}

async function ready(running: Running): Promise<string> {
  await until(() => running.output.stdout.includes('\n') || running.child.exitCode !== null, 'the ready line');
  if (running.child.exitCode !== null) throw new Error(running.output.stderr);
  return (JSON.parse(running.output.stdout) as { simulator: string }).simulator;
}

let running: Running;
let origin: string;

beforeAll(async () => {
  writeFileSync(join(folder, 'offset'), '86400');
  running = launch({ CLOCK_OFFSET_FILE: join(folder, 'offset') });
  origin = await ready(running);
});
afterAll(async () => {
  running.child.send('stop');
  await running.ended;
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  await fetch(`${origin}/inbox`, { method: 'DELETE' });
  await fetch(`${origin}/faults/telnyx`, { method: 'DELETE' });
});

const send = (text: string) =>
  fetch(`${origin}/v2/messages`, {
    method: 'POST',
    headers: { authorization: 'Bearer KEY_test', 'content-type': 'application/json' },
    body: JSON.stringify({ from: '+12025550100', to: phone, text }),
  });
const fault = (body: unknown, provider = 'telnyx') =>
  fetch(`${origin}/faults/${provider}`, { method: 'PUT', body: JSON.stringify(body) });
const json = async (path: string): Promise<unknown> => (await fetch(`${origin}${path}`)).json();
const texts = async () => ((await json(`/inbox/${phone}`)) as { text: string }[]).map(({ text }) => text);

describe('the program', () => {
  it('prints exactly one line on stdout, with its address, and nothing on stderr', () => {
    expect(running.output).toEqual({
      stdout: `${JSON.stringify({ event: 'ready', simulator: origin })}\n`,
      stderr: '',
    });
    expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('says in one line that its port is taken, and by which setting to choose another', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const second = launch({ SIMULATOR_PORT: String((server.address() as AddressInfo).port) });
    const [code] = await second.ended;
    server.close();
    expect([code, second.output.stdout]).toEqual([1, '']);
    expect(second.output.stderr).toMatch(/^\{"event":"refused","setting":"SIMULATOR_PORT".*\}\n$/);
  });

  it('A19: refuses to run in production, naming the setting', async () => {
    const second = launch({ NODE_ENV: 'production' });
    const [code] = await second.ended;
    expect([code, second.output.stdout]).toEqual([1, '']);
    expect(second.output.stderr).toMatch(/^\{"event":"refused","setting":"NODE_ENV".*\}\n$/);
  });

  it.each(['nowhere.invalid', '192.0.2.1'])('refuses a host that is not of this machine: %s', async (host) => {
    const second = launch({ SIMULATOR_HOST: host });
    expect(await second.ended).toEqual([1, null]);
    expect(second.output.stderr).toMatch(/^\{"event":"refused","setting":"SIMULATOR_HOST".*\}\n$/);
  });

  it.each(['SIGTERM', 'SIGINT', 'stop', 'disconnect'])('stops cleanly on %s, whatever is open', async (how) => {
    const second = launch();
    const address = await ready(second);
    await fetch(`${address}/faults/telnyx`, { method: 'PUT', body: '{"kind":"delay","ms":600000}' });
    const delayed = expect(fetch(`${address}/v2/messages`, { method: 'POST', body: '{}' })).rejects.toThrow();
    const page = await fetch(`${address}/events`);
    await until(async () => (await (await fetch(`${address}/requests`)).text()) !== '[]', 'the request');
    if (how === 'stop') second.child.send('stop');
    else if (how === 'disconnect') second.child.disconnect();
    else second.child.kill(how as NodeJS.Signals);
    expect(await second.ended).toEqual([0, null]);
    expect(second.output.stderr).toBe('');
    await delayed;
    await page.text().catch(() => undefined);
  });
});

describe('the phones', () => {
  it('are found by +, %2B and bare digits: newest first, by the moved clock, and [] when nothing came', async () => {
    expect(await json(`/inbox/${phone}`)).toEqual([]);
    expect((await send('one')).status).toBe(200);
    await send('Your code is 123456');
    const inbox = (await json('/inbox/+12025550123')) as { at: string }[];
    expect(inbox).toMatchObject([
      { to: phone, text: 'Your code is 123456', channel: 'sms', provider: 'telnyx' },
      { to: phone, text: 'one', channel: 'sms', provider: 'telnyx', code: null },
    ]);
    expect(Object.keys(inbox[0] ?? {}).sort()).toEqual(['at', 'channel', 'code', 'id', 'provider', 'text', 'to']);
    expect(Date.parse(inbox[0]?.at ?? '') - Date.now()).toBeGreaterThan(86_000_000);
    expect(await json('/inbox/%2B12025550123')).toEqual(inbox);
    expect(await json('/inbox/12025550123')).toEqual(inbox);
    expect((await fetch(`${origin}/inbox/nobody`)).status).toBe(400);
  });

  it('are empty after DELETE /inbox', async () => {
    await send('one');
    expect((await fetch(`${origin}/inbox`, { method: 'DELETE' })).status).toBe(204);
    expect(await texts()).toEqual([]);
  });
});

describe('GET /requests', () => {
  it('shows what a vendor received, without its keys', async () => {
    await send('look at this');
    const received = (await json('/requests?provider=telnyx')) as { body: string }[];
    expect(received.at(-1)).toMatchObject({
      provider: 'telnyx',
      method: 'POST',
      path: '/v2/messages',
      headers: { authorization: 'Bearer [masked]', 'content-type': 'application/json' },
      status: 200,
    });
    expect(JSON.parse(received.at(-1)?.body ?? '')).toMatchObject({ to: phone, text: 'look at this' });
    expect(JSON.stringify(received)).not.toContain('KEY_test');
    expect((await fetch(`${origin}/requests?provider=nobody`)).status).toBe(404);
  });
});

describe('PUT /faults/:provider', () => {
  it('refuses what it would not act on, with every reason', async () => {
    const answer = await fault({ kind: 'fire', ms: -1 });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(await answer.json()).toMatchObject({
      code: 'validation_failed',
      errors: [{ pointer: '/kind' }, { pointer: '/ms' }],
    });
    expect((await fault({ kind: 'hang' }, 'nobody')).status).toBe(404);
    expect(await json('/faults')).toEqual([]);
  });

  it.each(['status', 'garbage', 'reset', 'hang'])('%s: the message does not arrive', async (kind) => {
    expect((await fault({ kind, count: 1 })).status).toBe(200);
    const outcome = send('lost').then(
      ({ status }) => status,
      () => 'broken',
    );
    if (kind !== 'hang') expect(await outcome).toBe({ status: 500, garbage: 200, reset: 'broken' }[kind]);
    await send('after');
    expect(await texts()).toEqual(['after']);
  });

  it('lost_answer: the message arrives, the answer does not', async () => {
    await fault({ kind: 'lost_answer', count: 1 });
    await expect(send('arrived')).rejects.toThrow();
    expect(await texts()).toEqual(['arrived']);
  });

  it('delay: message and answer come late', async () => {
    await fault({ kind: 'delay', ms: 200, count: 1 });
    const begun = performance.now();
    expect((await send('late')).status).toBe(200);
    expect(performance.now() - begun).toBeGreaterThan(190);
    expect(await texts()).toEqual(['late']);
  });
});

/** What the page hears of the simulator. */
async function listening() {
  const abort = new AbortController();
  const { headers, body } = await fetch(`${origin}/events`, { signal: abort.signal });
  let heard = '';
  const ear = new WritableStream<string>({ write: (text) => void (heard += text) });
  void body!
    .pipeThrough(new TextDecoderStream())
    .pipeTo(ear)
    .catch(() => undefined); // until it is aborted
  const hear = (text: string) => until(() => heard.includes(text), `an event with ${text}`);
  return { type: headers.get('content-type'), heard: () => heard, hear, stop: () => abort.abort() };
}

describe('the page', () => {
  it('allows nothing but its own files, and they are all served', async () => {
    const page = await fetch(origin);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|data:|\*|http/);
    const html = await page.text();
    expect(html).not.toMatch(/<script(?![^>]*src=)|<style|style=|\son\w+=/);
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
    expect(files).toHaveLength(3);
    for (const path of files) expect((await fetch(`${origin}${path}`)).status).toBe(200);
    for (const script of ['page', 'vendors', 'make']) {
      const text = await (await fetch(`${origin}/page/${script}.js`)).text();
      expect(text).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML/);
    }
  });

  it('hears of the messages so far at once, and of every new one as it arrives', async () => {
    await send('before');
    const { type, heard, hear, stop } = await listening();
    expect(type).toBe('text/event-stream');
    await hear('before');
    expect(heard()).toMatch(/^event: snapshot\ndata: \[\{/);
    await send('<b>after</b>');
    await hear('event: message\ndata: {');
    await hear('<b>after</b>');
    await fetch(`${origin}/inbox`, { method: 'DELETE' });
    await hear('event: cleared');
    stop();
  });

  it('hears how every vendor stands, and when that changes', async () => {
    const { hear, stop } = await listening();
    await hear('event: vendors\ndata: [{"provider":');
    await hear('"provider":"smtp"');
    await fault({ kind: 'status', status: 503, count: 1 });
    await hear('"fault":{"kind":"status","status":503,"count":1}');
    await send('refused');
    await hear('"lastStatus":503,"lastFault":"status"');
    stop();
  });
});
