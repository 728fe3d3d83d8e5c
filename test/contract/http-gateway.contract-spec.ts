// The gateway of docs/sms-gateway.md, twice: as the simulator plays it, and as the sample that operators start from, each driven
// by requests signed here, step by step from the page.
import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxiosOutboundHttp } from '../../src/platform/http/axios-outbound-http';
import { SystemClock } from '../../src/platform/clock/system-clock';
import { loadConfig } from '../../src/config/load-config';
import type { ProviderDefinition } from '../../src/sms/contract/provider';
import { definitions } from '../../src/sms/providers/http';
import { type Gateway, sample, sampleProgram, simulated } from './gateways';
import { type SeenRequest, startPlayback } from './test-server';
import { createProvider } from './vendor-fixtures';

const definition = definitions[0] as ProviderDefinition;

describe.each([
  ['the simulated gateway', simulated],
  ['the sample gateway', sampleProgram],
])('%s', (_name, start) => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await start();
  });
  afterAll(() => gateway.stop());

  interface Change {
    readonly message?: object;
    readonly body?: string;
    readonly sentBody?: string;
    readonly secret?: string;
    readonly ageSeconds?: number;
    readonly headers?: Readonly<Record<string, string>>;
  }

  async function post(change: Change = {}): Promise<{ status: number; body: unknown }> {
    const expiresAt = new Date(gateway.now() + 60_000).toISOString();
    const message = { id: randomUUID(), to: '+12025550143', text: 'Your code is 123456', expiresAt, ...change.message };
    const body = change.body ?? JSON.stringify(message);
    const timestamp = String(Math.floor(gateway.now() / 1000) - (change.ageSeconds ?? 0));
    const mac = createHmac('sha256', change.secret ?? gateway.secret).update(`${timestamp}.${body}`);
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'latchkey-timestamp': timestamp,
        'latchkey-signature': `v1=${mac.digest('hex')}`,
        ...change.headers,
      },
      body: change.sentBody ?? body,
    });
    return { status: response.status, body: await response.json() };
  }

  let told = 0;
  /** What went out since this was asked last: a message behind all the others shows that none is still on its way. */
  async function sent(): Promise<readonly string[]> {
    const last = `the last of ${randomUUID()}`;
    await post({ message: { text: last } });
    const texts = (await gateway.sentUntil(last)).slice(told);
    told += texts.length;
    return texts.slice(0, -1);
  }

  it('takes a signed message and answers with an id', async () => {
    expect(await post()).toEqual({ status: 202, body: { id: expect.any(String) as string } });
    expect(await sent()).toEqual(['Your code is 123456']);
  });

  it('sends the same id once, answers alike, and sends another one', async () => {
    const message = { id: randomUUID() };
    const answers = await Promise.all([post({ message }), post({ message }), post({ message })]);
    expect(answers).toEqual([answers[0], answers[0], answers[0]]);
    expect((await post()).status).toBe(202);
    expect(await sent()).toHaveLength(2);
  });

  it.each<[string, Change, number, string]>([
    ['another secret', { secret: 'another-secret-of-32-characters-and-more' }, 401, 'bad_signature'],
    ['another body', { sentBody: '{}' }, 401, 'bad_signature'],
    ['another time', { headers: { 'latchkey-timestamp': '1784203199' } }, 401, 'bad_signature'],
    ['no signature', { headers: { 'latchkey-signature': '' } }, 401, 'bad_signature'],
    ['no time', { headers: { 'latchkey-timestamp': '' } }, 401, 'bad_signature'],
    ['a time 302 s ago', { ageSeconds: 302 }, 401, 'stale'],
    ['a time in 302 s', { ageSeconds: -302 }, 401, 'stale'],
    ['a number that is none', { message: { to: '+1' } }, 422, 'invalid_number'],
    ['two numbers', { message: { to: '+12025550143,+12025550144' } }, 422, 'invalid_number'],
    ['an end that has passed', { message: { expiresAt: '2020-01-01T00:00:00.000Z' } }, 410, 'expired'],
    ['no end', { message: { expiresAt: undefined } }, 400, 'bad_request'],
    ['no text', { message: { text: '' } }, 400, 'bad_request'],
    ['an id that is a number', { message: { id: 7 } }, 400, 'bad_request'],
    ['a body that is not JSON', { body: 'to=1' }, 400, 'bad_request'],
    ['a body that is null', { body: 'null' }, 400, 'bad_request'],
  ])('A88: refuses a message with %s and sends nothing', async (_what, change, status, error) => {
    expect(await post(change)).toEqual({ status, body: { error } });
    expect(await sent()).toEqual([]);
  });

  it('takes a message 298 s old', async () => {
    expect((await post({ ageSeconds: 298 })).status).toBe(202);
    expect(await sent()).toHaveLength(1);
  });
});

describe('the sample gateway', () => {
  it('takes what our client sends', async () => {
    const gateway = await sampleProgram();
    const http = new AxiosOutboundHttp();
    const environment = { SMS_HTTP_SECRET: gateway.secret };
    const client = createProvider(definition, environment, { origin: gateway.url, http, clock: new SystemClock() });
    if (client.kind !== 'sender') throw new Error('http is a sender');
    const reference = randomUUID();
    const request = { to: '+12025550143', text: 'Ihr Code: 123456 ☎\n\n@localhost #123456', reference, ttlSeconds: 60 };
    expect(await client.send(request)).toEqual({ ok: true, value: { providerMessageId: reference } });
    expect(await gateway.sentUntil(request.text)).toEqual([request.text]);
    http.onApplicationShutdown();
    await gateway.stop();
  });

  it('posts a receipt to where the message says, and our reader reads it', async () => {
    const gateway = await sampleProgram();
    let arrived: (request: SeenRequest) => void = () => undefined;
    const seen = new Promise<SeenRequest>((resolve) => (arrived = resolve));
    const receipts = await startPlayback((request) => {
      arrived(request);
      return { status: 200 };
    });
    const webhookUrl = `${receipts.origin}/webhooks/sms/http`;
    const [config, clock] = [{ SMS_HTTP_SECRET: gateway.secret }, new SystemClock()];
    const http = new AxiosOutboundHttp();
    const client = createProvider(definition, config, { origin: gateway.url, http, clock, webhookUrl });
    if (client.kind !== 'sender') throw new Error('http is a sender');
    const reference = randomUUID();
    await client.send({ to: '+12025550143', text: '123456', reference, ttlSeconds: 60 });
    const { method, headers, body } = await seen;
    const url = new URL(webhookUrl);
    const slice = loadConfig([definition.config], { NODE_ENV: 'development', ...config, SMS_HTTP_URL: gateway.url });
    const reader = definition.receipts?.({ config: slice.get(definition.config), clock });
    const reading = reader?.read({ method, url: url.href, path: url.pathname, headers, rawBody: Buffer.from(body) });
    const event = { kind: 'delivery', providerId: reference, status: 'delivered', at: expect.any(Date) as Date };
    expect(reading).toEqual({ ok: true, events: [event] });
    http.onApplicationShutdown();
    await Promise.all([receipts.close(), gateway.stop()]);
  });

  it('is not started without a secret of 32 characters', async () => {
    const env = { ...process.env, SMS_HTTP_SECRET: 'short', PORT: '0' };
    const child = spawn(process.execPath, [sample], { env, stdio: 'ignore' });
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(1);
  });
});

interface Shown {
  readonly request: { readonly headers: Record<string, string>; readonly body: string };
}

it.each([
  ['http', 'our client'],
  ['http-receipts', 'our reader of receipts'],
])('the page shows the vector of %s, that %s is held to', (name) => {
  const page = readFileSync(join(__dirname, '../../docs/sms-gateway.md'), 'utf8');
  const fixture = join(__dirname, `../../src/sms/providers/http/fixtures/${name}.json`);
  const { exchanges, cases, environment } = JSON.parse(readFileSync(fixture, 'utf8')) as {
    exchanges?: [Shown];
    cases?: [Shown];
    environment: Record<string, string>;
  };
  const { headers, body } = (exchanges ?? cases ?? [])[0]?.request ?? { headers: {}, body: 'none' };
  for (const part of [
    body,
    headers['latchkey-signature'],
    headers['latchkey-timestamp'],
    environment['SMS_HTTP_SECRET'],
  ]) {
    expect(page).toContain(part);
  }
});

describe('SMS_HTTP_URL', () => {
  const load = (url: string) => () => {
    const environment = { SMS_HTTP_SECRET: 'x'.repeat(32) };
    return createProvider(definition, environment, {
      origin: url,
      http: new AxiosOutboundHttp(),
      clock: new SystemClock(),
    });
  };

  it('may have a path and a query', () => {
    expect(load('https://sms.example.com/in/latchkey?tenant=7')).not.toThrow();
  });

  it.each(['https://user@sms.example.com/', 'https://:password@sms.example.com/', 'https://sms.example.com/#part'])(
    'is refused with a user, password or fragment: %s',
    (url) => {
      expect(load(url)).toThrow('SMS_HTTP_URL must have no user, password or fragment');
    },
  );
});
