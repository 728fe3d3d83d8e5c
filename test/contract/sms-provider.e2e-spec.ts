// Every vendor of the registry against its fixtures: the exact request on the wire, every outcome, every failure (F02,
// F04, F13). What all vendors share (garbage, transport failures) is asked of each of their operations.
import 'reflect-metadata';
import { AxiosOutboundHttp } from '../../src/platform/http/axios-outbound-http';
import type { CheckAnswer } from '../../src/sms/contract/provider';
import { providerDefinitions } from '../../src/sms/providers';
import { type PlayedAnswer, startPlayback, type TestServer } from './test-server';
import {
  callProvider,
  createProvider,
  type Exchange,
  fixtureOf,
  FixedClock,
  type Operation,
  operationsOf,
  type PlayedCase,
} from './vendor-fixtures';

const http = new AxiosOutboundHttp({ connectMilliseconds: 500, totalMilliseconds: 1000, bodyBytes: 64 * 1024 });
afterAll(() => http.onApplicationShutdown());

/** The rows of every vendor in the table of failures; what else a vendor has is in its fixtures as well. */
const failuresOfAll = ['invalid_number', 'bad_credentials', 'out_of_credit', 'throttled', 'misconfigured'];

describe.each(providerDefinitions.map((definition) => [definition.name, definition] as const))(
  '%s',
  (name, definition) => {
    const fixture = fixtureOf(name);
    const operations = Object.keys(fixture.calls) as Operation[];
    let answer: PlayedAnswer | undefined;
    let server: TestServer;

    beforeAll(async () => {
      server = await startPlayback(() => answer);
    });
    afterAll(() => server.close());
    beforeEach(() => server.seen.splice(0));

    function perform(
      played: Pick<PlayedCase, 'operation' | 'arguments' | 'environment' | 'webhookUrl'>,
      address = server.origin,
    ) {
      const clock = new FixedClock(new Date(fixture.now));
      const environment = { ...fixture.environment, ...played.environment };
      const origin = `${address}${definition.developmentPath ?? ''}`;
      const { webhookUrl } = played;
      const provider = createProvider(definition, environment, { origin, http, clock, webhookUrl });
      return callProvider(provider, played.operation, { ...fixture.calls[played.operation], ...played.arguments });
    }

    it('names the document and the date its fixtures come from', () => {
      expect(fixture.source.length).toBeGreaterThan(20);
      expect(fixture.date).toMatch(/^20\d\d-\d\d-\d\d$/);
    });

    it('has an exact exchange for every operation it offers', () => {
      const provider = createProvider(definition, fixture.environment, {
        origin: server.origin,
        http,
        clock: new FixedClock(new Date(0)),
      });
      const offered = operationsOf(provider);
      expect(provider.kind).toBe(definition.kind);
      expect(operations.toSorted()).toEqual(offered.toSorted());
      expect(new Set(fixture.exchanges.map(({ operation }) => operation))).toEqual(new Set(offered));
    });

    it('has an exact exchange for every channel it offers', () => {
      const provider = createProvider(definition, fixture.environment, {
        origin: server.origin,
        http,
        clock: new FixedClock(new Date(0)),
      });
      const channels = provider.kind === 'sender' ? (['sms'] as const) : provider.channels;
      const [handOver] = operations;
      const shown = fixture.exchanges
        .filter(({ operation }) => operation === handOver)
        .map(
          ({ arguments: changed }) => changed?.['channel'] ?? fixture.calls[handOver ?? 'send']?.['channel'] ?? 'sms',
        );
      expect(new Set(shown)).toEqual(new Set(channels));
      expect(channels).toContain('sms');
    });

    it('has a case of every end that all vendors know', () => {
      const results = [...fixture.exchanges, ...fixture.answers].map(({ result }) => result);
      const failures = results.flatMap((result) => (result.ok ? [] : [result.failure.kind]));
      expect(failures).toEqual(expect.arrayContaining(failuresOfAll));
      if (definition.kind !== 'service') return;
      const outcomes = results.flatMap((result) => (result.ok ? [(result.value as Partial<CheckAnswer>).outcome] : []));
      expect(outcomes).toEqual(expect.arrayContaining(['approved', 'wrong_code', 'gone']));
    });

    it.each(fixture.exchanges.map((exchange) => [exchange.name, exchange] as [string, Exchange]))(
      '%s, byte for byte',
      async (_name, exchange) => {
        answer = exchange.answer;
        expect(await perform(exchange)).toEqual(exchange.result);
        const [seen, ...more] = server.seen;
        expect(more).toEqual([]);
        expect(seen).toMatchObject(exchange.request);
      },
    );

    it.each(fixture.answers.map((played) => [played.name, played] as [string, PlayedCase]))(
      '%s, and nothing of the vendor text is kept',
      async (_name, played) => {
        answer = played.answer;
        const result = await perform(played);
        expect(result).toEqual(played.result);
        for (const sentence of sentencesOf(played.answer.body)) expect(JSON.stringify(result)).not.toContain(sentence);
      },
    );

    describe.each(operations)('%s', (operation) => {
      const garbage: [string, unknown][] = [
        ['HTML', '<html><body>Welcome</body></html>'],
        ['an empty object', {}],
        ['truncated JSON', '{"data":{"id":"40385f64-5717'],
        ['an empty body', ''],
        ['null', 'null'],
        ['an array', '[{"id":"1"}]'],
        ['a string', '"ok"'],
        ['ids that are objects', { id: {}, pinId: {}, data: { id: {} }, verified: 'yes', status: {}, smsStatus: [] }],
        ['deep nesting', '['.repeat(30_000)],
      ];

      it.each(garbage)('F04: takes a 200 with %s for an unknown end', async (_what, body) => {
        answer = { status: 200, body };
        const failure = { kind: 'unknown', certainty: 'maybe-sent', httpStatus: 200 };
        expect(await perform({ operation })).toEqual({ ok: false, failure });
      });

      it.each([500, 502, 503, 504])('F02: takes a %i for a vendor that is down and may have sent', async (status) => {
        answer = { status, body: '<html>bad gateway</html>' };
        const failure = { kind: 'unavailable', certainty: 'maybe-sent', httpStatus: status };
        expect(await perform({ operation })).toEqual({ ok: false, failure });
      });

      it('F02, F13: takes what it refuses with a 4xx under a 500 for a vendor that is down and may have sent', async () => {
        const isRefused = ({ answer: { status } }: PlayedCase) => status >= 400 && status < 500;
        const refused = fixture.answers.filter((played) => played.operation === operation && isRefused(played));
        for (const played of refused.filter(({ result }) => !result.ok)) {
          answer = { ...played.answer, status: 500 };
          const failure = { kind: 'unavailable', certainty: 'maybe-sent', httpStatus: 500 };
          expect(await perform(played)).toMatchObject({ ok: false, failure });
        }
      });

      it('F02: takes a bare 429 for throttling, with its Retry-After', async () => {
        answer = { status: 429, headers: { 'retry-after': '3' }, body: '' };
        const failure = { kind: 'throttled', certainty: 'not-sent', httpStatus: 429, retryAfterSeconds: 3 };
        expect(await perform({ operation })).toEqual({ ok: false, failure });
      });

      it('F02: takes the Retry-After of a 503', async () => {
        answer = { status: 503, headers: { 'retry-after': '3' }, body: '' };
        const failure = { kind: 'unavailable', certainty: 'maybe-sent', httpStatus: 503, retryAfterSeconds: 3 };
        expect(await perform({ operation })).toEqual({ ok: false, failure });
      });

      it('F06: takes a reset after the request for an unknown end', async () => {
        answer = undefined;
        const failure = { kind: 'unavailable', certainty: 'maybe-sent', transport: 'reset' };
        expect(await perform({ operation })).toEqual({ ok: false, failure });
        expect(server.seen).toHaveLength(1);
      });

      it('F06: knows that nothing was sent when the vendor cannot be connected to', async () => {
        const failure = { kind: 'unavailable', certainty: 'not-sent', transport: 'refused' };
        expect(await perform({ operation }, 'http://127.0.0.1:1')).toEqual({ ok: false, failure });
      });

      it('A25: does not follow a redirect', async () => {
        answer = { status: 307, headers: { location: `${server.origin}/elsewhere` } };
        const failure = { kind: 'unavailable', certainty: 'maybe-sent', transport: 'redirected' };
        expect(await perform({ operation })).toEqual({ ok: false, failure });
        expect(server.seen).toHaveLength(1);
      });

      it('F05: gives up on an answer above 64 kB', async () => {
        answer = { status: 200, body: `{"id":"${'x'.repeat(70_000)}"}` };
        const failure = { kind: 'unavailable', certainty: 'maybe-sent', transport: 'too_large' };
        expect(await perform({ operation })).toEqual({ ok: false, failure });
      });
    });
  },
);

/** Texts of the answer that only a vendor would write: those with a space in them. */
function sentencesOf(body: unknown): string[] {
  if (typeof body === 'string') return body.includes(' ') ? [body] : [];
  return typeof body === 'object' && body !== null ? Object.values(body).flatMap(sentencesOf) : [];
}
