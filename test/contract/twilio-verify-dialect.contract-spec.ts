// The simulated Twilio Verify keeps the life of a verification as Twilio's guides say: one pending per number, the same code
// again, ten minutes, five sends, five checks, deleted once it is over. And the client lets go of a language that Twilio lacks.
import 'reflect-metadata';
import { AxiosOutboundHttp } from '../../src/platform/http/axios-outbound-http';
import { definitions } from '../../src/sms/providers/twilio';
import { dialect } from '../../src/sms/providers/twilio/twilio-verify.dialect';
import { DialectBench } from './dialect-bench';
import { createProvider } from './vendor-fixtures';

const authorization = ({ TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN }: Readonly<Record<string, string>>) =>
  `Basic ${Buffer.from(`${TWILIO_ACCOUNT_SID}:${TWILIO_AUTH_TOKEN}`).toString('base64')}`;
const headers = { 'content-type': 'application/x-www-form-urlencoded' };
const refusal = (status: number, code: number) => ({ status, body: { status, code } });
const notFound = refusal(404, 20404);

describe('the Twilio Verify dialect', () => {
  let bench: DialectBench;
  beforeEach(() => {
    bench = new DialectBench(dialect, authorization);
  });

  const post = (
    operation: string,
    form: Record<string, string>,
    more: Record<string, string> = {},
    service?: string,
  ) => {
    const path = `/v2/Services/${service ?? bench.credentials['TWILIO_VERIFY_SERVICE_SID']}/${operation}`;
    return bench.call('POST', path, { body: new URLSearchParams(form).toString(), headers: { ...headers, ...more } });
  };
  const tryStart = (change: Record<string, string> = {}) =>
    post('Verifications', { To: '+12025550143', Channel: 'sms', ...change });
  const start = (change: Record<string, string> = {}): string => {
    const { status, body } = tryStart(change);
    expect({ status, body }).toMatchObject({ status: 201, body: { status: 'pending', valid: false } });
    return (body as { sid: string }).sid;
  };
  const check = (VerificationSid: string, Code: string) => post('VerificationCheck', { VerificationSid, Code });
  const approved = { status: 200, body: { status: 'approved', valid: true } };
  const pending = { status: 200, body: { status: 'pending', valid: false } };

  it('approves the right code after a wrong one, and deletes the verification', () => {
    const sid = start();
    expect(check(sid, bench.wrongCode)).toMatchObject(pending);
    expect(check(sid, bench.code)).toMatchObject(approved);
    expect(check(sid, bench.code)).toMatchObject(notFound);
  });

  it('checks by number as well', () => {
    start();
    expect(post('VerificationCheck', { To: '+12025550143', Code: bench.code })).toMatchObject(approved);
    expect(post('VerificationCheck', { To: '+12025550143', Code: bench.code })).toMatchObject(notFound);
  });

  it('sends the same code again while it is pending, as a text or as a call, and a new one after it', () => {
    const sid = start();
    expect(start({ Channel: 'call' })).toBe(sid);
    expect(bench.phone.map(({ channel }) => channel)).toEqual(['sms', 'voice']);
    expect(new Set(bench.phone.map(({ code }) => code)).size).toBe(1);
    check(sid, bench.code);
    expect(start()).not.toBe(sid);
  });

  it('sends one verification five times; another number has its own five', () => {
    for (let sends = 0; sends < 5; sends++) start();
    expect(tryStart()).toMatchObject(refusal(429, 60203));
    expect(bench.phone).toHaveLength(5);
    start({ To: '+12025550144' });
    bench.clock.advance(600);
    start();
  });

  it('checks one verification five times, whatever the code then is', () => {
    const sid = start();
    for (let checks = 0; checks < 5; checks++) expect(check(sid, bench.wrongCode)).toMatchObject(pending);
    expect(check(sid, bench.code)).toMatchObject(refusal(429, 60202));
  });

  it('forgets a verification after ten minutes, which a resend does not move', () => {
    const early = start();
    bench.clock.advance(599);
    expect(check(early, bench.code)).toMatchObject(approved);
    const late = start();
    bench.clock.advance(599);
    expect(start()).toBe(late);
    bench.clock.advance(1);
    expect(check(late, bench.code)).toMatchObject(notFound);
  });

  it('makes codes as long as the service is set to', () => {
    bench = new DialectBench(dialect, authorization, { TWILIO_CODE_LENGTH: '8' });
    start();
    expect(bench.code).toMatch(/^\d{8}$/);
  });

  it.each(['Basic d3Jvbmc6d3Jvbmc=', 'Bearer wrong', ''])('refuses the credentials "%s"', (wrong) => {
    const sid = start();
    const stranger = { authorization: wrong };
    const form = { To: '+12025550143', Channel: 'sms' };
    expect(post('Verifications', form, stranger)).toMatchObject(refusal(401, 20003));
    const right = { VerificationSid: sid, Code: bench.code };
    expect(post('VerificationCheck', right, stranger)).toMatchObject(refusal(401, 20003));
    expect(bench.phone).toHaveLength(1);
  });

  it('does not know the service of another account', () => {
    const form = { To: '+12025550143', Channel: 'sms' };
    expect(post('Verifications', form, {}, 'VA00000000000000000000000000000000')).toMatchObject(notFound);
  });

  it.each([
    ['a number that is none', { To: '+1' }],
    ['a number without +', { To: '12025550143' }],
    ['a channel that it has not', { Channel: 'pigeon' }],
  ])('refuses %s as an invalid parameter', (_what, change) => {
    expect(tryStart(change)).toMatchObject(refusal(400, 60200));
    expect(bench.phone).toEqual([]);
  });

  it('refuses a code that can be none, and a check of nothing', () => {
    expect(check(start(), '123')).toMatchObject(refusal(400, 60200));
    expect(post('VerificationCheck', { Code: '123456' })).toMatchObject(refusal(400, 60200));
  });

  it('answers a language that it has not with 404', () => {
    expect(tryStart({ Locale: 'tlh' })).toMatchObject(notFound);
  });

  it.each([
    ['de-AT', ['de']],
    ['pt-br', ['pt-BR']],
    ['tlh', ['tlh', null]],
  ] as const)('is asked for %s by the client, and without a language when it lacks that one', async (locale, asked) => {
    const http = new AxiosOutboundHttp({ connectMilliseconds: 500, totalMilliseconds: 2000, bodyBytes: 64 * 1024 });
    const server = await bench.serve();
    const definition = definitions.find(({ name }) => name === 'twilio-verify');
    if (definition === undefined) throw new Error('twilio-verify is not defined');
    const parts = { origin: server.origin, http, clock: bench.clock };
    const client = createProvider(definition, bench.credentials, parts);
    if (client.kind !== 'service') throw new Error('twilio-verify is no service');
    const started = await client.start({ to: '+12025550143', channel: 'sms', locale, reference: 'r', ttlSeconds: 300 });
    expect(started.ok).toBe(true);
    expect(server.seen.map(({ body }) => new URLSearchParams(body).get('Locale'))).toEqual(asked);
    expect(bench.phone).toHaveLength(1);
    await server.close();
    http.onApplicationShutdown();
  });
});
