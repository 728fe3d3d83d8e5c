// Every client of the registry against its own dialect, over HTTP, with the keys development generates: the flow works, a wrong
// code is told from a failure, and a stranger's keys are refused. What both could misread alike is for test:specs to find.
import 'reflect-metadata';
import { AxiosOutboundHttp } from '../../src/platform/http/axios-outbound-http';
import type { ProviderResult } from '../../src/sms/contract/failure';
import type { Channel, CheckAnswer, Provider, VerificationService } from '../../src/sms/contract/provider';
import { providerDefinitions } from '../../src/sms/providers';
import { dialects } from '../../src/sms/providers/dialects';
import { DialectBench } from './dialect-bench';
import type { TestServer } from './test-server';
import { createProvider, generatedKeys } from './vendor-fixtures';

const http = new AxiosOutboundHttp({ connectMilliseconds: 500, totalMilliseconds: 2000, bodyBytes: 64 * 1024 });
afterAll(() => http.onApplicationShutdown());

const to = '+12025550143';
const text = '123456 is your code.\n\n@localhost #123456';
const kindOf = (result: ProviderResult<unknown>): string => (result.ok ? 'ok' : result.failure.kind);
let references = 0;
const reference = (): string => `0198c0de-0000-7000-8000-${String(++references).padStart(12, '0')}`;

/** Hands one message over, whatever the kind. */
function handOver(provider: Provider, number: string, channel: Channel = 'sms') {
  const request = { to: number, channel, locale: null, ttlSeconds: 300, reference: reference() };
  if (provider.kind === 'sender') return provider.send({ ...request, text });
  return provider.kind === 'code-sender' ? provider.sendCode({ ...request, code: '012345' }) : provider.start(request);
}

describe.each(providerDefinitions.map((definition) => [definition.name, definition] as const))(
  '%s',
  (name, definition) => {
    let bench: DialectBench;
    let server: TestServer;

    beforeEach(async () => {
      const dialect = dialects.find(({ provider }) => provider === name);
      if (dialect === undefined) throw new Error(`${name} has no dialect`);
      bench = new DialectBench(dialect, () => '');
      server = await bench.serve();
    });
    afterEach(() => server.close());

    const create = (environment: Readonly<Record<string, string>> = bench.credentials): Provider => {
      const origin = `${server.origin}${definition.developmentPath ?? ''}`;
      return createProvider(definition, environment, { origin, http, clock: bench.clock });
    };

    it('hands a message over on every channel', async () => {
      const provider = create();
      for (const channel of provider.kind === 'sender' ? (['sms'] as const) : provider.channels) {
        const number = channel === 'sms' ? to : '+12025550144';
        expect(kindOf(await handOver(provider, number, channel))).toBe('ok');
        expect(bench.phone.at(-1)).toMatchObject({ to: number, channel });
      }
      if (definition.kind === 'sender') expect(bench.phone).toMatchObject([{ text, code: '123456' }]);
      if (definition.kind === 'code-sender')
        expect(new Set(bench.phone.map(({ code }) => code))).toEqual(new Set(['012345']));
    });

    it("refuses a stranger's keys as bad credentials, and sends nothing", async () => {
      const stranger = create(generatedKeys(definition.developmentKeys));
      expect(kindOf(await handOver(stranger, to))).toBe('bad_credentials');
      expect(bench.phone).toEqual([]);
    });

    it('says of a number that is none that it is none', async () => {
      expect(kindOf(await handOver(create(), '+1'))).toBe('invalid_number');
      expect(bench.phone).toEqual([]);
    });

    if (definition.kind !== 'service') return;

    const service = (): VerificationService => {
      const provider = create();
      if (provider.kind !== 'service') throw new Error(`${name} is no verification service`);
      return provider;
    };
    const outcomeOf = (result: ProviderResult<CheckAnswer>) => (result.ok ? result.value : result.failure.kind);

    it('approves the right code, once, and no other, on every channel', async () => {
      const provider = service();
      for (const channel of provider.channels) {
        const started = await provider.start({ to, channel, locale: null, reference: reference(), ttlSeconds: 300 });
        if (!started.ok) throw new Error(`not started: ${started.failure.kind}`);
        const { providerVerificationId } = started.value;
        const check = async (code: string) =>
          outcomeOf(await provider.check({ providerVerificationId, code, channel }));
        if (provider.endsAfterWrongCodes !== 1) {
          expect(await check(bench.wrongCode)).toEqual({ outcome: 'wrong_code', ended: false });
        }
        expect(await check(bench.code)).toMatchObject({ outcome: 'approved' });
        expect(await check(bench.code)).not.toMatchObject({ outcome: 'approved' });
      }
    });

    it('does what it says of a wrong code', async () => {
      const provider = service();
      const started = await provider.start({
        to,
        channel: 'sms',
        locale: null,
        reference: reference(),
        ttlSeconds: 300,
      });
      if (!started.ok) throw new Error(`not started: ${started.failure.kind}`);
      const { providerVerificationId } = started.value;
      const limit = provider.endsAfterWrongCodes ?? 5;
      for (let wrong = 1; wrong < limit; wrong++) {
        const answer = await provider.check({ providerVerificationId, code: bench.wrongCode, channel: 'sms' });
        expect(outcomeOf(answer)).toEqual({ outcome: 'wrong_code', ended: false });
      }
      const last = await provider.check({ providerVerificationId, code: bench.wrongCode, channel: 'sms' });
      expect(outcomeOf(last)).toMatchObject({ ended: provider.endsAfterWrongCodes !== null });
    });

    it('says of a verification that the vendor does not know that it is gone', async () => {
      const unknown = {
        providerVerificationId: '0123456789ABCDEF0123456789ABCDEF',
        code: '123456',
        channel: 'sms',
      } as const;
      expect(outcomeOf(await service().check(unknown))).toEqual({ outcome: 'gone', ended: true });
    });
  },
);
