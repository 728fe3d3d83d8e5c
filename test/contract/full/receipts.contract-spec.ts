// Every vendor that tells how its messages end, against its own dialect: what the dialect signs is read, whatever is changed on the way
// is refused (A88, A89). The documents' own examples are played by each `*.receipts.spec.ts` (test/support/receipt-properties.ts).
import 'reflect-metadata';
import { AxiosOutboundHttp } from '../../../src/platform/http/axios-outbound-http';
import type { Dialect, OutgoingWebhook } from '../../../src/sms/contract/dialect';
import type { Provider } from '../../../src/sms/contract/provider';
import type { ReceiptReader, ReceiptReading, WebhookRequest } from '../../../src/sms/contract/receipt';
import { providerDefinitions } from '../../../src/sms/providers';
import { dialects } from '../../../src/sms/providers/dialects';
import { DialectBench } from '../dialect-bench';
import type { TestServer } from '../test-server';
import { createProvider, readerOf, receiptFixtureOf } from '../vendor-fixtures';

const http = new AxiosOutboundHttp({ connectMilliseconds: 500, totalMilliseconds: 2000, bodyBytes: 64 * 1024 });
afterAll(() => http.onApplicationShutdown());

const ORIGIN = 'https://auth.example.com';
const to = '+12025550143';
const reference = '0198c0de-0000-7000-8000-00000000000a';
const telling = providerDefinitions.filter(({ receipts }) => receipts !== undefined);

async function handOver(provider: Provider): Promise<string> {
  const request = { to, channel: 'sms', locale: null, ttlSeconds: 300, reference } as const;
  if (provider.kind === 'service') {
    const started = await provider.start(request);
    return started.ok ? started.value.providerVerificationId : 'nothing';
  }
  const sent =
    provider.kind === 'sender'
      ? await provider.send({ ...request, text: '123456 is your code.' })
      : await provider.sendCode({ ...request, code: '012345' });
  return sent.ok ? sent.value.providerMessageId : 'nothing';
}

const refused: ReceiptReading = { ok: false, refusal: 'bad_signature' };

describe.each(telling.map((definition) => [definition.name, definition] as const))('%s', (name, definition) => {
  const dialect = dialects.find(({ provider }) => provider === name) as Dialect;
  const path = `/webhooks/sms/${name}`;
  const url = `${ORIGIN}${path}`;
  const ends = receiptFixtureOf(name).tells ?? (['delivered', 'failed'] as const);
  const [anEnd = 'delivered', ...otherEnds] = ends;
  let bench: DialectBench;
  let server: TestServer;
  let reader: ReceiptReader;
  let id: string;

  beforeEach(async () => {
    bench = new DialectBench(dialect, () => '');
    server = await bench.serve();
    reader = readerOf(definition, bench.credentials, bench.clock);
    const origin = `${server.origin}${definition.developmentPath ?? ''}`;
    id = await handOver(createProvider(definition, bench.credentials, { origin, http, clock: bench.clock }));
  });
  afterEach(() => server.close());

  const requestOf = ({ headers, body }: OutgoingWebhook): WebhookRequest => {
    const lower = Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value] as const);
    return { method: 'POST', url, path, headers: Object.fromEntries(lower), rawBody: Buffer.from(body) };
  };

  function written(stage: 'sent' | 'delivered' | 'failed'): WebhookRequest {
    const webhook = bench.news.at(-1)?.write(stage, { url, at: bench.clock.now() });
    if (webhook === undefined) throw new Error(`${name} does not tell ${stage}`);
    return requestOf(webhook);
  }

  /** Headers without which the request is nobody's: each one is part of the proof. */
  const proofs = (request: WebhookRequest) =>
    Object.keys(request.headers).filter((key) => {
      const without = { ...request, headers: { ...request.headers, [key]: undefined } };
      return key !== 'content-type' && !reader.read(without).ok;
    });

  it.each(ends)('tells that the message it took was %s', (stage) => {
    const reading = reader.read(written(stage));
    if (!reading.ok) throw new Error(reading.refusal);
    const [event, ...more] = reading.events;
    expect(more).toEqual([]);
    expect(event).toMatchObject({ kind: 'delivery', status: stage });
    if (event?.kind !== 'delivery') throw new Error('not about a delivery');
    expect([event.providerId, event.reference]).toContain(event.reference === reference ? reference : id);
    expect(event.failure !== undefined).toBe(stage === 'failed');
  });

  it('reads the same receipt twice alike', () => {
    const request = written(anEnd);
    expect(reader.read(request)).toEqual(reader.read(request));
  });

  it('A88: refuses it without its signature, with one that is cut, doubled, or no base64', () => {
    const request = written(anEnd);
    const keys = proofs(request);
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      const value = request.headers[key] ?? '';
      for (const other of [
        undefined,
        '',
        value.slice(0, -4),
        `${value}, ${value}`,
        `${value}=`,
        '\u00ff!',
        'e30.e30.',
      ]) {
        expect(reader.read({ ...request, headers: { ...request.headers, [key]: other } })).toEqual(refused);
      }
    }
  });

  it('A88: refuses the signature of another body, and of the same one written anew', () => {
    const request = written(anEnd);
    const body = request.rawBody.toString('utf8');
    const bodies = [
      ...otherEnds.map((end) => written(end).rawBody.toString('utf8')),
      '',
      `${body} `,
      body.replace(/e/, '\\u0065'),
      `x${body}`,
    ];
    for (const other of bodies) expect(reader.read({ ...request, rawBody: Buffer.from(other) })).toEqual(refused);
  });

  it('A88: refuses it with one byte of the body changed, at any of a hundred places', () => {
    const request = written(anEnd);
    const step = Math.ceil(request.rawBody.length / 100);
    const places = [...request.rawBody.keys()].filter((at) => at % step === 0);
    const taken = places.filter((at) => {
      const rawBody = Buffer.from(request.rawBody);
      rawBody[at] = (rawBody[at] ?? 0) ^ 1;
      return reader.read({ ...request, rawBody }).ok;
    });
    expect(taken).toEqual([]);
  });

  it('has a case of every kind of reading', () => {
    const { cases, signsTime } = receiptFixtureOf(name);
    const readings = cases.map(({ reading }) => reading);
    const said = (reading: object): unknown => expect.objectContaining(reading) as unknown;
    const delivery = (status: string) => said({ events: [said({ kind: 'delivery', status })] });
    expect(readings).toContainEqual(delivery('delivered'));
    expect(readings).toContainEqual(delivery('failed'));
    expect(readings).toContainEqual(said({ events: [] }));
    expect(readings).toContainEqual({ ok: false, refusal: 'unreadable' });
    if (signsTime) expect(readings).toContainEqual({ ok: false, refusal: 'stale' });
    if (dialect.inbound !== undefined) expect(readings).toContainEqual(said({ events: [said({ kind: 'inbound' })] }));
  });

  it('A88: refuses what another account of this vendor has signed, and what every other vendor has', async () => {
    const other = new DialectBench(dialect, () => '');
    const strangers = readerOf(definition, other.credentials, bench.clock);
    expect(strangers.read(written(anEnd))).toEqual(refused);
    for (const another of telling.filter((candidate) => candidate !== definition)) {
      const itsDialect = dialects.find(({ provider }) => provider === another.name) as Dialect;
      const itsBench = new DialectBench(itsDialect, () => '');
      const itsServer = await itsBench.serve();
      const origin = `${itsServer.origin}${another.developmentPath ?? ''}`;
      await handOver(createProvider(another, itsBench.credentials, { origin, http, clock: bench.clock }));
      const [itsEnd = 'delivered'] = receiptFixtureOf(another.name).tells ?? [];
      const webhook = itsBench.news.at(-1)?.write(itsEnd, { url, at: bench.clock.now() });
      await itsServer.close();
      if (webhook !== undefined) expect(reader.read(requestOf(webhook))).toEqual(refused);
    }
  });

  it('A89: refuses what was signed 6 minutes ago, or in 6 minutes, where the vendor signs a time', () => {
    for (const seconds of [-360, 360]) {
      const at = new Date(bench.clock.now().getTime() + seconds * 1000);
      const webhook = bench.news.at(-1)?.write(anEnd, { url, at });
      if (webhook === undefined) throw new Error('nothing is told');
      const reading = reader.read(requestOf(webhook));
      const fixture = receiptFixtureOf(name);
      expect(reading).toEqual(
        fixture.signsTime ? { ok: false, refusal: 'stale' } : expect.objectContaining({ ok: true }),
      );
    }
  });

  it('never throws, whatever comes', () => {
    const request = written(anEnd);
    for (const body of ['', 'null', '[]', '{}', '{"data":null}', '\u0000', 'a=b&a=c', '['.repeat(30_000)]) {
      for (const headers of [request.headers, {}, { authorization: 'Bearer ..' }, { authorization: 'Basic' }]) {
        expect(reader.read({ ...request, headers, rawBody: Buffer.from(body) }).ok).toBe(false);
      }
    }
  });

  // A verification service takes no messages.
  if (dialect.inbound !== undefined) {
    it('reads what a phone writes back', () => {
      const message = { id: reference, from: to, text: 'STOP' };
      const webhook = dialect.inbound?.(message, { url, at: bench.clock.now() }, bench.context);
      if (webhook === undefined) throw new Error('nothing is written');
      const reading = reader.read(requestOf(webhook));
      if (!reading.ok) throw new Error(reading.refusal);
      expect(reading.events).toMatchObject([{ kind: 'inbound', from: to, text: 'STOP' }]);
    });
  }
});
