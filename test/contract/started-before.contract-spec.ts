// Clients against their dialects over HTTP, where a verification was begun before: a start that is repeated after a crash takes
// up the one it had begun (F13), and a resend of one that the vendor forgot begins a new one.
import 'reflect-metadata';
import { AxiosOutboundHttp } from '../../src/platform/http/axios-outbound-http';
import type { Dialect } from '../../src/sms/contract/dialect';
import type { StartRequest, VerificationService } from '../../src/sms/contract/provider';
import { providerDefinitions } from '../../src/sms/providers';
import { dialect as infobip } from '../../src/sms/providers/infobip/infobip-2fa.dialect';
import { dialect as sinch } from '../../src/sms/providers/sinch/sinch-verification.dialect';
import { DialectBench } from './dialect-bench';
import type { TestServer } from './test-server';
import { createProvider } from './vendor-fixtures';

const http = new AxiosOutboundHttp({ connectMilliseconds: 500, totalMilliseconds: 1000, bodyBytes: 64 * 1024 });
afterAll(() => http.onApplicationShutdown());

let server: TestServer;
let bench: DialectBench;
let client: VerificationService;
afterEach(() => server.close());

async function connect(dialect: Dialect, more: Readonly<Record<string, string>> = {}): Promise<void> {
  bench = new DialectBench(dialect, () => '');
  server = await bench.serve();
  const definition = providerDefinitions.find(({ name }) => name === dialect.provider);
  if (definition === undefined) throw new Error(`${dialect.provider} is not in the registry`);
  const environment = { ...bench.credentials, ...more };
  const provider = createProvider(definition, environment, { origin: server.origin, http, clock: bench.clock });
  if (provider.kind !== 'service') throw new Error(`${dialect.provider} is no verification service`);
  client = provider;
}

const request = (change: Partial<StartRequest> = {}): StartRequest => ({
  to: '+12025550143',
  channel: 'sms',
  locale: null,
  reference: '0198c0de-0000-7000-8000-000000000001',
  ttlSeconds: 300,
  ...change,
});
const idOf = (started: Awaited<ReturnType<VerificationService['start']>>): string => {
  if (!started.ok) throw new Error(`not started: ${started.failure.kind}`);
  return started.value.providerVerificationId;
};
const outcomeOf = async (providerVerificationId: string, code: string, channel: 'sms' | 'voice' = 'sms') => {
  const checked = await client.check({ providerVerificationId, code, channel });
  return checked.ok ? checked.value.outcome : checked.failure.kind;
};

describe('Sinch: a start with a reference that was used', () => {
  beforeEach(() => connect(sinch));

  it('takes up the verification that runs under it: nothing is sent twice and the code on the phone is right', async () => {
    const first = idOf(await client.start(request()));
    expect(idOf(await client.start(request()))).toBe(first);
    expect(bench.phone).toHaveLength(1);
    expect(await outcomeOf(first, bench.code)).toBe('approved');
  });

  it('is a duplicate when that verification has ended', async () => {
    const first = idOf(await client.start(request()));
    await outcomeOf(first, bench.wrongCode);
    const failure = { kind: 'duplicate', certainty: 'not-sent', httpStatus: 409, vendorCode: '40900' };
    expect(await client.start(request())).toEqual({ ok: false, failure });
    expect(bench.phone).toHaveLength(1);
  });

  it('is a new verification under another reference, and the older one is gone', async () => {
    const first = idOf(await client.start(request()));
    const firstCode = bench.code;
    const second = idOf(await client.start(request({ reference: '0198c0de-0000-7000-8000-000000000002' })));
    expect(second).not.toBe(first);
    expect(await outcomeOf(first, firstCode)).toBe('gone');
    expect(await outcomeOf(second, bench.code)).toBe('approved');
  });
});

describe('Infobip: a resend', () => {
  beforeEach(() => connect(infobip));
  const resend = (providerVerificationId: string, channel: 'sms' | 'voice') =>
    client.resend?.({ ...request({ channel }), providerVerificationId });

  it.each(['sms', 'voice'] as const)('of a running PIN by %s carries the same one', async (channel) => {
    const first = idOf(await client.start(request()));
    expect(await resend(first, channel)).toEqual({ ok: true, value: { providerVerificationId: first } });
    expect(bench.phone.map(({ code }) => code)).toEqual([bench.code, bench.code]);
  });

  it.each(['sms', 'voice'] as const)('of a PIN that the vendor forgot starts a new one by %s', async (channel) => {
    const forgotten = '0123456789ABCDEF0123456789ABCDEF';
    const resent = await resend(forgotten, channel);
    if (resent === undefined) throw new Error('Infobip has a resend');
    expect(idOf(resent)).not.toBe(forgotten);
    expect(bench.phone).toMatchObject([{ to: '+12025550143', channel }]);
    expect(server.seen.map(({ path }) => path.split('?')[0])).toEqual([
      `/2fa/2/pin/${forgotten}/resend${channel === 'voice' ? '/voice' : ''}`,
      `/2fa/2/pin${channel === 'voice' ? '/voice' : ''}`,
    ]);
    expect(await outcomeOf(idOf(resent), bench.code, channel)).toBe('approved');
  });

  it('of a forgotten PIN under an unknown application says that our set-up is wrong, and ends there', async () => {
    await server.close();
    await connect(infobip, { INFOBIP_2FA_APP_ID: 'other' });
    const resent = await resend('0123456789ABCDEF0123456789ABCDEF', 'sms');
    expect(resent).toMatchObject({ ok: false, failure: { kind: 'misconfigured', certainty: 'not-sent' } });
    expect(server.seen).toHaveLength(2);
  });
});
