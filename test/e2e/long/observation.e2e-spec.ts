// What the process tells about itself: metrics and traces of one login, parsed end to end; bounded labels, and nothing about a person
// in any of it.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { alarmNames } from '../../../src/platform/logging/alarm';
import type { TokensBody } from '../../support/api-client';
import { askEmail } from '../../support/emails';
import { type Exposition, parseExposition, sumOf } from '../../support/exposition';
import { startSystem, type System } from '../../support/instance';
import { type CollectedSpan, factsOf, OtlpCollector } from '../../support/otlp-collector';
import { PASSWORD, Person } from '../../support/person';
import { ROOT } from '../../support/program';
import { send } from '../../support/raw-http';

const SERVER = 2;
const CLIENT = 3;
const CONSUMER = 5;
const OUTSIDE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('what the process tells about itself', () => {
  const collector = new OtlpCollector();
  const secrets: string[] = [];
  let system: System;
  let person: Person;
  let session: TokensBody;

  const metrics = async (): Promise<Exposition> => {
    const answer = await fetch(`${system.ready(0)['metrics'] as string}/metrics`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^text\/plain; version=0\.0\.4/),
    ]);
    return parseExposition(await answer.text());
  };
  const childOf = (parent: CollectedSpan, name: RegExp): Promise<CollectedSpan> =>
    collector.spanWhen((span) => span.parentSpanId === parent.spanId && name.test(span.name));

  beforeAll(async () => {
    const OTEL_EXPORTER_OTLP_ENDPOINT = await collector.start();
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT,
      OTEL_BSP_SCHEDULE_DELAY: '100',
      OTEL_SERVICE_NAME: 'accounts',
      TRUSTED_PROXIES: '127.0.0.1',
      LIMIT_WEBHOOK: '30/1m',
      SMS_PRICES: 'US=0.02',
      SMS_CURRENCY: 'USD',
    };
    system = await startSystem({ env, mail: true });
    person = new Person(system, '+14155302611');
    const registered = await person.challenged('register');
    const first = await person.verify(registered.token, registered.code);
    expect((await person.login({ password: `${PASSWORD}!` })).status).toBe(401);
    const login = await person.challenged('login');
    const { body } = await person.verify(login.token, login.code);
    session = body;
    await system.api.get('/v1/users/me', { token: body.accessToken });
    await system.api.get(`/v1/nowhere/${person.phone}`);
    secrets.push(
      registered.token,
      registered.code,
      login.token,
      login.code,
      PASSWORD,
      person.phone,
      person.phone.slice(2),
      '127.0.0.1',
    );
    secrets.push(body.accessToken, body.refreshToken ?? '', first.body.accessToken, String(body.user['id']));
  });

  afterAll(async () => {
    await system.stop();
    await collector.stop();
  });

  it('traces one login from the request over its job to the vendor, under one trace', async () => {
    const request = await collector.spanWhen(
      (span) => span.name === 'POST /v1/auth/login' && factsOf(span)['http.response.status_code'] === 200,
    );
    expect([request.kind, request.parentSpanId ?? '']).toEqual([SERVER, '']);
    expect(factsOf(request)).toMatchObject({ 'http.request.method': 'POST', 'http.route': '/v1/auth/login' });
    const queued = await childOf(request, /^sql otp_issue|^sql .*issue|^sql login/);
    expect([queued.kind, factsOf(queued)]).toEqual([CLIENT, { 'db.system.name': 'postgresql' }]);
    const job = await collector.spanWhen((span) => span.traceId === request.traceId && span.name === 'job sms');
    expect([job.kind, job.parentSpanId]).toEqual([CONSUMER, request.spanId]);
    const vendor = await childOf(job, /^sms send telnyx$/);
    expect([vendor.kind, factsOf(vendor)]).toEqual([
      CLIENT,
      { 'latchkey.provider': 'telnyx', 'latchkey.operation': 'send', 'latchkey.outcome': 'ok' },
    ]);
    expect(collector.services).toEqual(new Set(['accounts']));
  });

  it('tells the vendor nothing of our traces', async () => {
    const requests = await (await fetch(`${system.simulator}/requests?provider=telnyx`)).text();
    expect(requests).toContain('/v2/messages');
    expect(requests).not.toMatch(/traceparent|tracestate|baggage/i);
  });

  it('follows the trace that a trusted proxy hands on, and none that a client claims', async () => {
    const ask = (headers: Record<string, string>) =>
      send(system.api.url, {
        method: 'GET',
        path: '/.well-known/jwks.json',
        headers: { traceparent: OUTSIDE, ...headers },
      });
    await ask({});
    await ask({ 'x-forwarded-for': '203.0.113.9' });
    const followed = await collector.spanWhen(({ parentSpanId }) => parentSpanId === 'b7ad6b7169203331');
    expect([followed.name, followed.traceId]).toEqual([
      'GET /.well-known/jwks.json',
      '0af7651916cd43dd8448eb211c80319c',
    ]);
    expect(
      collector.spans
        .filter(({ traceId }) => traceId === followed.traceId && traceId !== undefined)
        .filter(({ kind }) => kind === SERVER),
    ).toHaveLength(1);
  });

  it('counts the login: rate, errors and time per route, the job, the vendor, pools and queue', async () => {
    const found = await metrics();
    const count = 'latchkey_http_request_duration_seconds_count';
    expect(sumOf(found, count, { method: 'POST', route: '/v1/auth/login', status: '2xx' })).toBe(1);
    expect(sumOf(found, count, { method: 'POST', route: '/v1/auth/login', status: '4xx' })).toBe(1);
    expect(sumOf(found, count, { route: '/v1/auth/otp/verify', status: '2xx' })).toBe(2);
    expect(sumOf(found, count, { route: 'none', status: '4xx' })).toBe(1);
    expect(sumOf(found, 'latchkey_refusals_total', { code: 'credentials_invalid' })).toBe(1);
    expect(sumOf(found, 'latchkey_job_duration_seconds_count', { job: 'sms', outcome: 'done' })).toBe(2);
    const calls = { provider: 'telnyx', operation: 'send', outcome: 'ok' };
    expect(sumOf(found, 'latchkey_vendor_call_duration_seconds_count', calls)).toBe(2);
    expect(sumOf(found, 'latchkey_vendor_breaker', { provider: 'telnyx' })).toBe(0);
    expect(sumOf(found, 'latchkey_sms_last_hour', { provider: 'telnyx', country: 'US', outcome: 'accepted' })).toBe(2);
    expect(sumOf(found, 'latchkey_sms_conversion_ratio', { provider: 'telnyx', country: 'US' })).toBe(1);
    expect(sumOf(found, 'latchkey_sms_budget_cap', { scope: 'login', window: '3600' })).toBeGreaterThan(0);
    expect(sumOf(found, 'latchkey_sms_budget_spent', { scope: 'login', window: '3600' })).toBe(1);
    expect(sumOf(found, 'latchkey_database_connections', { pool: 'requests' })).toBeGreaterThan(0);
    const cost = { provider: 'telnyx', country: 'US', currency: 'USD' };
    expect(sumOf(found, 'latchkey_sms_cost_last_hour', cost)).toBeCloseTo(0.04);
    for (const name of [
      'latchkey_password_hashing',
      'latchkey_jobs_waiting',
      'latchkey_job_lag_seconds',
      'latchkey_jobs_dead',
      'latchkey_nodejs_eventloop_lag_p99_seconds',
    ]) {
      expect([name, found.types.get(name)]).toEqual([name, 'gauge']);
    }
    expect(sumOf(found, 'latchkey_scrape_failures_total')).toBe(0);
  });

  it('counts and traces the mails: what the relay took, put off and refused', async () => {
    const counted = async () => {
      const found = await metrics();
      const of = (outcome: string) => sumOf(found, 'latchkey_relay_call_duration_seconds_count', { outcome });
      return { ok: of('ok'), refused: of('refused'), unavailable: of('unavailable') };
    };
    const mailed = async (outcome: string) => {
      const address = `${outcome}@mail.example`;
      secrets.push(address);
      expect((await askEmail(system.api, session, address)).status).toBe(202);
      return collector.spanWhen((span) => span.name === 'mail send' && factsOf(span)['latchkey.outcome'] === outcome);
    };
    const relaySays = (status: number) => {
      const body = JSON.stringify({ kind: 'status', status, count: 1 });
      return fetch(`${system.simulator}/faults/smtp`, { method: 'PUT', body });
    };
    const taken = await mailed('ok');
    const job = await collector.spanWhen(({ spanId }) => spanId === taken.parentSpanId);
    expect([job.name, taken.kind]).toEqual(['job mail', CLIENT]);
    await relaySays(550);
    await mailed('refused');
    expect(await counted()).toEqual({ ok: 1, refused: 1, unavailable: 0 });
    await relaySays(451);
    await mailed('unavailable'); // the queue tries that one again
    expect(await counted()).toMatchObject({ refused: 1, unavailable: 1 });
  });

  it('has every alarm before its first, so that the first is an increase', async () => {
    const alarms = (await metrics()).samples.filter(({ name }) => name === 'latchkey_alarms_total');
    expect(alarms.map(({ labels, value }) => [labels['name'], value])).toEqual(alarmNames.map((name) => [name, 0]));
  });

  it.each(['prometheus/latchkey.rules.yml', 'grafana/latchkey.json'])(
    'has every series that deploy/%s asks for',
    async (file) => {
      const { types } = await metrics();
      const asked = readFileSync(join(ROOT, 'deploy', file), 'utf8').match(/latchkey_[a-z0-9_]+/g) ?? [];
      expect(asked.length).toBeGreaterThan(10);
      const series = new Set(asked.map((name) => name.replace(/_seconds_(count|bucket|sum)$/, '_seconds')));
      expect([...series].filter((name) => !types.has(name))).toEqual([]);
    },
  );

  it('keeps its series few, whatever strangers ask for', async () => {
    const before = (await metrics()).samples.length;
    for (let n = 0; n < 40; n += 1) {
      await system.api.get(`/v1/${n}/${n}?q=${n}`);
      await system.api.get(`/v1/users/me/trusted-devices/${n}`);
      await system.api.post(`/webhooks/sms/vendor${n}`, {});
    }
    await send(system.api.url, { method: 'PROPFIND', path: '/v1/users/me' });
    const after = await metrics();
    expect(sumOf(after, 'latchkey_limits_hit_total', { limit: 'LIMIT_WEBHOOK' })).toBeGreaterThan(9);
    expect(after.samples.length - before).toBeLessThan(80);
    const routes = new Set(after.samples.flatMap(({ labels }) => labels['route'] ?? []));
    expect([...routes].filter((route) => /\d\d|vendor\d/.test(route))).toEqual([]);
  });

  it('has no number, code, token, address or id of a person in any of it', async () => {
    const { text } = await metrics();
    await system.api.get('/health/live');
    await collector.spanWhen(({ name }) => name === 'GET /health/live'); // spans come in the order of their ends
    const words = secrets.filter((word) => word !== '');
    for (const [where, told] of [
      ['metrics', text],
      ['traces', collector.text],
    ] as const) {
      expect([where, words.filter((word) => told.includes(word))]).toEqual([where, []]);
    }
  });

  it('answers GET /metrics on a port of its own, on loopback, and nothing else', async () => {
    const url = String(system.ready(0)['metrics']);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/v1/admin/users`)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
    expect((await system.api.get('/metrics')).status).toBe(404);
    const { port } = new URL(url);
    const elsewhere = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.2', () => resolve('open'));
      socket
        .on('error', ({ code }: NodeJS.ErrnoException) => resolve(String(code)))
        .on('connect', () => socket.destroy());
    });
    expect(elsewhere).toBe('ECONNREFUSED');
  });
});
