// The simulator over HTTP with a vendor of its own invention: what every dialect may rely on, and every kind of fault.
import type { FastifyInstance } from 'fastify';
import { SystemClock } from '../platform/clock/system-clock';
import { AxiosOutboundHttp } from '../platform/http/axios-outbound-http';
import { NodeRandom } from '../platform/random/node-random';
import type { Dialect, DialectRequest } from '../sms/contract/dialect';
import { FaultList } from './faults';
import { Mailbox } from './mailbox';
import { createSimulator } from './simulator';

const seen: DialectRequest[] = [];
const bugs: string[] = [];

const acme: Dialect = {
  provider: 'acme',
  developmentKeys: {},
  routes: (context) => [
    {
      method: 'POST',
      path: '/acme/messages/:to',
      answer: (request) => {
        seen.push(request);
        const to = `+${request.params['to']?.replace('+', '')}`;
        context.deliver({ to, text: request.rawBody, code: '123456', channel: 'sms' });
        return { status: 202, headers: { 'x-acme': 'yes' }, body: { key: context.credentials['ACME_KEY'] } };
      },
    },
    { method: 'PUT', path: '/acme/text', answer: () => ({ status: 200, body: 'plain' }) },
    { method: 'DELETE', path: '/acme/text', answer: () => ({ status: 204 }) },
    {
      method: 'GET',
      path: '/acme/bug',
      answer: () => {
        throw new Error('a bug');
      },
    },
  ],
};

let app: FastifyInstance;
let origin: string;

beforeEach(async () => {
  seen.length = bugs.length = 0;
  const [clock, random] = [new SystemClock(), new NodeRandom()];
  app = createSimulator({
    dialects: [acme],
    clock,
    random,
    mailbox: new Mailbox(clock, random),
    faults: new FaultList(),
    credentials: { ACME_KEY: 'k' },
    http: new AxiosOutboundHttp(),
    reportBug: ({ message }) => bugs.push(message),
  });
  origin = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => app.close());

const post = (text = 'hello', headers: Record<string, string> = {}) =>
  fetch(`${origin}/acme/messages/+12025550123`, { method: 'POST', body: text, headers, redirect: 'manual' });
const json = async <T>(path: string): Promise<T> => (await fetch(`${origin}${path}`)).json() as Promise<T>;
const texts = async () => (await json<{ text: string }[]>('/inbox/12025550123')).map(({ text }) => text);
const requests = () => json<{ status: number | null; fault: string | null }[]>('/requests?provider=acme');
const play = (fault: object) =>
  fetch(`${origin}/faults/acme`, { method: 'PUT', body: JSON.stringify({ count: 1, ...fault }) });

describe('a dialect', () => {
  it('gets path as sent, parameters decoded, query, headers and the untouched body, whatever its type', async () => {
    const body = '{ "spaces" :  "kept", "text": "\u00e9" }';
    for (const type of [
      'application/json',
      'application/x-www-form-urlencoded',
      'application/vnd.acme+json',
      'text/plain',
    ]) {
      await fetch(`${origin}/acme/messages/%2B12025550123?a=1&b=x%20y&a=2`, {
        method: 'POST',
        body,
        headers: { 'content-type': type, 'x-custom': 'here' },
      });
    }
    expect(seen).toHaveLength(4);
    for (const request of seen) {
      expect(request).toMatchObject({
        method: 'POST',
        path: '/acme/messages/%2B12025550123',
        query: { a: '1, 2', b: 'x y' },
        params: { to: '+12025550123' },
        rawBody: body,
      });
      expect(request.headers['x-custom']).toBe('here');
    }
  });

  it('gets a body that came without a content type', async () => {
    await fetch(`${origin}/acme/messages/1`, { method: 'POST', body: new Uint8Array([104, 105]) });
    expect(seen[0]?.rawBody).toBe('hi');
  });

  it('answers as it says: status, headers, JSON, text or nothing', async () => {
    const answer = await post();
    expect([answer.status, answer.headers.get('x-acme'), await answer.json()]).toEqual([202, 'yes', { key: 'k' }]);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await (await fetch(`${origin}/acme/text`, { method: 'PUT' })).text()).toBe('plain');
    expect((await fetch(`${origin}/acme/text`, { method: 'DELETE' })).status).toBe(204);
  });

  it('never sees a body above 1 MB', async () => {
    expect((await post('x'.repeat(1024 * 1024))).status).toBe(202);
    expect((await post('x'.repeat(1024 * 1024 + 1))).status).toBe(413);
    expect(seen).toHaveLength(1);
  });

  it('that throws is reported as a bug and answered with 500', async () => {
    expect((await fetch(`${origin}/acme/bug`)).status).toBe(500);
    expect(bugs).toEqual(['a bug']);
  });
});

describe('a fault', () => {
  it('status: answers in its place, and nothing reaches the phone', async () => {
    await play({ kind: 'status', status: 503 });
    expect((await post()).status).toBe(503);
    expect([await texts(), seen]).toEqual([[], []]);
    expect((await post()).status).toBe(202);
  });

  it('status: leads a client that follows redirects to HTML, and has no body where HTTP allows none', async () => {
    await play({ kind: 'status', status: 302 });
    const redirect = await post();
    expect([redirect.status, redirect.headers.get('location')]).toEqual([302, '/']);
    await play({ kind: 'status', status: 204 });
    expect(await (await post()).text()).toBe('');
  });

  it('garbage: answers 200 with HTML, and nothing reaches the phone', async () => {
    await play({ kind: 'garbage' });
    const answer = await post();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await texts()).toEqual([]);
  });

  it('reset: breaks the connection before the vendor did anything', async () => {
    await play({ kind: 'reset' });
    await expect(post()).rejects.toThrow();
    expect([await texts(), await requests()]).toMatchObject([[], [{ fault: 'reset', status: null }]]);
  });

  it('lost_answer: breaks the connection after the message was delivered, once', async () => {
    await play({ kind: 'lost_answer' });
    await expect(post()).rejects.toThrow();
    expect([await texts(), await requests()]).toMatchObject([['hello'], [{ fault: 'lost_answer', status: 202 }]]);
  });

  it('delay: answers later as if nothing were, while others are served', async () => {
    await play({ kind: 'delay', ms: 400 });
    const slow = post('slow');
    while ((await requests()).length === 0);
    await post('quick');
    expect(await texts()).toEqual(['quick']);
    expect((await slow).status).toBe(202);
    expect(await texts()).toEqual(['slow', 'quick']);
  });

  it.each([{ kind: 'hang' }, { kind: 'delay', ms: 600_000 }])(
    '%p: does not keep the simulator alive',
    async (fault) => {
      await play(fault);
      const waiting = expect(post()).rejects.toThrow();
      while ((await requests()).length === 0);
      expect(await requests()).toMatchObject([{ status: null, fault: fault.kind }]);
      await app.close();
      await waiting;
      expect(seen).toEqual([]);
    },
  );

  it('lasts until it is cleared when it has no count, and for receipts waits for a message of its vendor', async () => {
    await play({ kind: 'status', status: 500, count: undefined });
    expect([(await post()).status, (await post()).status]).toEqual([500, 500]);
    expect(await json('/faults')).toEqual([{ provider: 'acme', kind: 'status', status: 500 }]);
    expect((await fetch(`${origin}/faults/acme`, { method: 'DELETE' })).status).toBe(204);
    await play({ kind: 'late_receipt', ms: 5 });
    expect((await fetch(`${origin}/acme/text`, { method: 'PUT' })).status).toBe(200);
    expect(await json('/faults')).toEqual([{ provider: 'acme', kind: 'late_receipt', ms: 5, count: 1 }]);
    expect((await post()).status).toBe(202);
    expect(await json('/faults')).toEqual([]);
  });
});
