// The simulated Vonage Verify keeps the life of a verification as Vonage's specification says: one per number at a time, three
// tries, the step's life, cancelled from 30 seconds on. And the client makes room for a newer start where Vonage lets it.
import 'reflect-metadata';
import { AxiosOutboundHttp } from '../../src/platform/http/axios-outbound-http';
import type { VerificationService } from '../../src/sms/contract/provider';
import { definitions } from '../../src/sms/providers/vonage';
import { dialect } from '../../src/sms/providers/vonage/vonage-verify.dialect';
import { like } from '../support/expected';
import { DialectBench } from './dialect-bench';
import { startPlayback, type TestServer } from './test-server';
import { createProvider } from './vendor-fixtures';

const privateKey = dialect.developmentKeys['VONAGE_PRIVATE_KEY']?.({}) ?? '';
const account = { VONAGE_API_KEY: 'abcd1234', VONAGE_API_SECRET: '0123456789abcdef' };
const basic = `Basic ${Buffer.from(Object.values(account).join(':')).toString('base64')}`;
const refusal = (status: number, fragment: string) => ({
  status,
  body: { type: like(new RegExp(`#${fragment}$`)) },
});
const unknown = refusal(404, 'not-found');
const to = '12025550143';

let bench: DialectBench;
beforeEach(() => {
  bench = new DialectBench(dialect, () => basic, { ...account, VONAGE_PRIVATE_KEY: privateKey });
});

const tryStart = (change: object = {}, step: object = {}, headers: Record<string, string> = {}) => {
  const body = { brand: 'Latchkey', code_length: 6, workflow: [{ channel: 'sms', to, ...step }], ...change };
  return bench.call('POST', '/v2/verify', { body, headers });
};
const start = (change: object = {}, step: object = {}): string => {
  const { status, body } = tryStart(change, step);
  expect(status).toBe(202);
  return (body as { request_id: string }).request_id;
};
const check = (id: string, code: string) => bench.call('POST', `/v2/verify/${id}`, { body: { code } });
const cancel = (id: string) => bench.call('DELETE', `/v2/verify/${id}`);
const completed = { status: 200, body: { status: 'completed' } };
const wrong = refusal(400, 'invalid-code');

describe('the Vonage Verify dialect', () => {
  it('completes with the right code after wrong ones, once', () => {
    const id = start();
    expect(check(id, bench.wrongCode)).toMatchObject(wrong);
    expect(check(id, bench.wrongCode)).toMatchObject(wrong);
    expect(check(id, bench.code)).toMatchObject(completed);
    expect(check(id, bench.code)).toMatchObject(unknown);
  });

  it('ends with the third wrong code, and stays so', () => {
    const id = start();
    for (let tries = 0; tries < 2; tries++) expect(check(id, bench.wrongCode)).toMatchObject(wrong);
    expect(check(id, bench.wrongCode)).toMatchObject(refusal(410, 'expired'));
    expect(check(id, bench.code)).toMatchObject(refusal(410, 'expired'));
    start();
  });

  it('runs one verification per number at a time, and names it', () => {
    const id = start();
    expect(tryStart()).toMatchObject({ ...refusal(409, 'concurrent'), body: { request_id: id } });
    expect(bench.phone).toHaveLength(1);
    start({}, { to: '12025550144' });
    check(id, bench.phone[0]?.code ?? '');
    start();
  });

  it('cancels from 30 seconds after the start', () => {
    const id = start();
    bench.clock.advance(29);
    expect(cancel(id)).toMatchObject(unknown);
    bench.clock.advance(1);
    expect(cancel(id)).toEqual({ status: 204 });
    expect(cancel(id)).toMatchObject(unknown);
    expect(check(id, bench.code)).toMatchObject(unknown);
    start();
  });

  it('ends with the life of its step: 180 seconds unless told', () => {
    const short = start();
    bench.clock.advance(180);
    expect(check(short, bench.code)).toMatchObject(unknown);
    const long = start({ channel_timeout: 300 });
    bench.clock.advance(299);
    expect(check(long, bench.code)).toMatchObject(completed);
  });

  it('makes a code of four digits unless told, or takes one', () => {
    start({ code_length: undefined });
    expect(bench.code).toMatch(/^\d{4}$/);
    start({ code: '013579' }, { to: '12025550144', channel: 'voice' });
    expect(bench.phone.at(-1)).toMatchObject({ code: '013579', channel: 'voice', to: '+12025550144' });
  });

  it.each(['Basic d3Jvbmc6d3Jvbmc=', 'Bearer wrong', ''])('refuses the credentials "%s"', (authorization) => {
    const id = start();
    const headers = { authorization };
    expect(tryStart({}, { to: '12025550144' }, headers)).toMatchObject(refusal(401, 'unauthorized'));
    const body = { code: bench.code };
    expect(bench.call('POST', `/v2/verify/${id}`, { body, headers })).toMatchObject(refusal(401, 'unauthorized'));
    expect(bench.call('DELETE', `/v2/verify/${id}`, { headers })).toMatchObject(refusal(401, 'unauthorized'));
    expect(bench.phone).toHaveLength(1);
  });

  it.each([
    ['no brand', { brand: undefined }, {}, 'brand'],
    ['a brand above 18 characters', { brand: 'a'.repeat(19) }, {}, 'brand'],
    ['a brand with a brace', { brand: 'Latch{key}' }, {}, 'brand'],
    ['a code of three digits', { code_length: 3 }, {}, 'code_length'],
    ['a life of ten seconds', { channel_timeout: 10 }, {}, 'channel_timeout'],
    ['a reference with a hyphen', { client_ref: 'a-b' }, {}, 'client_ref'],
    ['a language that is no locale', { locale: 'de' }, {}, 'locale'],
    ['a channel that it has not', {}, { channel: 'pigeon' }, 'channel'],
    ['a number that is none', {}, { to: '1' }, 'to'],
    ['a number with +', {}, { to: '+12025550143' }, 'to'],
  ])('refuses %s, and says which field it is', (_what, change, step, name) => {
    const refused = { ...refusal(422, 'invalid-params'), body: { invalid_parameters: [{ name }] } };
    expect(tryStart(change, step)).toMatchObject(refused);
    expect(bench.phone).toEqual([]);
  });

  it('refuses a check without a code', () => {
    expect(check(start(), '1')).toMatchObject(refusal(422, 'invalid-params'));
  });
});

describe('a start while another verification of the number runs', () => {
  const http = new AxiosOutboundHttp({ connectMilliseconds: 500, totalMilliseconds: 2000, bodyBytes: 64 * 1024 });
  let server: TestServer;
  let client: VerificationService;
  beforeEach(async () => connect(await bench.serve()));
  afterEach(() => server.close());
  afterAll(() => http.onApplicationShutdown());

  function connect(vendor: TestServer): void {
    server = vendor;
    const definition = definitions.find(({ name }) => name === 'vonage-verify');
    if (definition === undefined) throw new Error('vonage-verify is not defined');
    const provider = createProvider(definition, bench.credentials, { origin: server.origin, http, clock: bench.clock });
    if (provider.kind !== 'service') throw new Error('vonage-verify is no service');
    client = provider;
  }

  const begin = () => client.start({ to: `+${to}`, channel: 'sms', locale: null, reference: 'r', ttlSeconds: 300 });

  it('ends the older one from 30 seconds on: its code is void, the newer one counts', async () => {
    const first = await begin();
    const firstCode = bench.code;
    bench.clock.advance(30);
    const second = await begin();
    if (!first.ok || !second.ok) throw new Error('not started');
    const outcome = async (providerVerificationId: string, code: string) => {
      const checked = await client.check({ providerVerificationId, code, channel: 'sms' });
      return checked.ok ? checked.value.outcome : checked.failure.kind;
    };
    expect(await outcome(first.value.providerVerificationId, firstCode)).toBe('gone');
    expect(await outcome(second.value.providerVerificationId, bench.code)).toBe('approved');
    expect(server.seen.map(({ method }) => method)).toEqual(['POST', 'POST', 'DELETE', 'POST', 'POST', 'POST']);
  });

  it('has to wait before that: nothing was sent, and the code on the phone stays good', async () => {
    const first = await begin();
    const failure = { kind: 'throttled', certainty: 'not-sent', httpStatus: 409, vendorCode: 'concurrent' };
    expect(await begin()).toEqual({ ok: false, failure });
    expect(bench.phone).toHaveLength(1);
    if (!first.ok) throw new Error('not started');
    const request = {
      providerVerificationId: first.value.providerVerificationId,
      code: bench.code,
      channel: 'sms',
    } as const;
    expect(await client.check(request)).toMatchObject({ value: { outcome: 'approved' } });
  });

  it.each([
    [429, 'throttled', 'not-sent'],
    [500, 'unavailable', 'maybe-sent'],
  ])(
    'F13: says that the older one has ended when Vonage cancels it and then answers %i',
    async (status, kind, certainty) => {
      await server.close();
      const answers = [
        { status: 409, body: { title: 'Conflict', request_id: 'c11236f4-00bf-4b89-84ba-88b25df97315' } },
        { status: 204 },
      ];
      connect(await startPlayback(() => answers.shift() ?? { status }));
      const failure = { kind, certainty, httpStatus: status, endedFormer: true };
      expect(await begin()).toEqual({ ok: false, failure });
    },
  );
});
