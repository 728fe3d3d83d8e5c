// F23: SIGTERM under load. Not ready first, what is in flight finishes, then the door is shut and the process ends with 0;
// a rolling restart of two instances costs no client more than one retry.
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { addRow } from '../support/fault-table';
import { startSystem, type System } from '../support/instance';
import { brokenRules } from '../support/ledger';
import { until } from '../support/patience';
import { Person, PASSWORD, phoneNumbers } from '../support/person';

/** The deadline after which the process ends whatever hangs (lifecycle.ts): a stop that works needs far less. */
const STOP_MILLISECONDS = 15_000;
const CLIENTS = 12;
const nextPhone = phoneNumbers();

interface Answer {
  readonly status: number;
  readonly connection: string | undefined;
  readonly at: number;
}

function post(agent: Agent, url: string, body: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', agent, headers: { 'content-type': 'application/json' } };
    const outgoing = request(url, options, (response) => {
      response.on('error', reject).on('end', () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, connection: headers.connection, at: performance.now() });
      });
      response.resume();
    });
    outgoing.on('error', reject).end(JSON.stringify(body));
  });
}

/** A request whose body comes in two parts; `finish` sends the second. */
async function slowRequest(origin: string, path: string, body: object): Promise<{ finish: () => Promise<string> }> {
  const { hostname, port } = new URL(origin);
  const text = JSON.stringify(body);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString('utf8'))).on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  const head = `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n`;
  await new Promise<void>((resolve) => socket.write(head + text.slice(0, 5), () => resolve()));
  const finish = async (): Promise<string> => {
    socket.write(text.slice(5));
    await closed;
    return answer;
  };
  return { finish };
}

describe('stopping under load (F23)', () => {
  let system: System;
  let token: string;
  let running = true;

  beforeAll(async () => {
    system = await startSystem({ instances: 2 });
    token = (await new Person(system, nextPhone()).challenged('register')).token;
  });

  afterAll(async () => {
    running = false;
    await system.stop();
  });

  it('F23: not ready first, in flight finishes, new ones are refused with Connection: close, exit 0 within 15 s', async () => {
    const origin = system.apis[1]!.url;
    const answers: Answer[] = [];
    let refused = 0;
    let over = false;
    const load = Array.from({ length: CLIENTS }, async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      while (!over) {
        const answer = await post(agent, `${origin}/v1/auth/otp/status`, { challengeToken: token }).catch(
          () => undefined,
        );
        if (answer === undefined) refused += 1;
        else answers.push(answer);
        await sleep(20);
      }
      agent.destroy();
    });
    await sleep(300);
    const began = performance.now();
    const ended = system.kill(1, 'SIGTERM');
    const lastReady = await notReady(origin);
    const phone = nextPhone();
    await sleep(500);
    const slow = await slowRequest(origin, '/v1/auth/register', { phone, password: PASSWORD });
    const closed = () => answers.find(({ status }) => status === 503);
    await until(() => closed() !== undefined || refused > 0, 'an answer or a refusal at the door');
    const closing = closed();
    const finished = await slow.finish();
    expect(await ended).toBe(0);
    expect(performance.now() - began).toBeLessThan(STOP_MILLISECONDS);
    over = true;
    await Promise.all(load);
    await system.restart(1);

    expect(finished).toMatch(/^HTTP\/1\.1 202 /);
    expect(finished.toLowerCase()).toContain('connection: close');
    expect(await system.phone.codeFor(phone)).toMatch(/^\d{6}$/);
    // While not ready it went on serving those who had not noticed yet.
    const served = answers.filter(({ status, at }) => status === 200 && at > lastReady);
    expect(served.length).toBeGreaterThan(0);
    if (closing !== undefined) expect(closing.at).toBeGreaterThan(lastReady);
    expect(new Set(answers.map(({ status }) => status)).size).toBeLessThanOrEqual(2);
    for (const { status, connection } of answers)
      if (status !== 200) expect([status, connection]).toEqual([503, 'close']);
    expect(refused + answers.filter(({ status }) => status === 503).length).toBeGreaterThan(0);
  });

  it('F23: restarting both in turn, no client needs more than one retry', async () => {
    const failures: string[] = [];
    let operations = 0;
    let retries = 0;
    const up = new Set([0, 1]);
    const target = (turn: number): string => {
      const instances = [...up];
      return system.apis[instances[turn % instances.length]!]!.url;
    };
    const clients = Array.from({ length: CLIENTS }, async (_, client) => {
      const agent = new Agent({ keepAlive: true });
      for (let turn = client; running; turn += 1) {
        const register = turn % 5 === 0;
        const path = register ? '/v1/auth/register' : '/v1/auth/otp/status';
        const body = register ? { phone: nextPhone(), password: PASSWORD } : { challengeToken: token };
        const attempt = async (n: number): Promise<string> => {
          const answer = await post(agent, `${target(n)}${path}`, body).catch((error: Error) => error);
          return answer instanceof Error ? answer.message : String(answer.status);
        };
        let outcome = await attempt(turn);
        if (!outcome.startsWith('20')) {
          retries += 1;
          outcome = await attempt(turn + 1);
        }
        if (!outcome.startsWith('20')) failures.push(outcome);
        operations += 1;
        await sleep(60);
      }
      agent.destroy();
    });
    for (const instance of [0, 1]) {
      const origin = system.apis[instance]!.url;
      const ended = system.kill(instance, 'SIGTERM');
      // A load balancer that asks for readiness takes the instance out; those already on their way still arrive.
      await notReady(origin);
      up.delete(instance);
      expect(await ended).toBe(0);
      await system.restart(instance);
      up.add(instance);
    }
    running = false;
    await Promise.all(clients);
    const none = { recoveredMs: 0, lost: 0, phantom: 0, double: 0 };
    const fault = 'both instances restarted in turn, clients retry once';
    addRow({ cases: 'F23', fault, acknowledged: operations - failures.length, errors: retries, ...none });
    expect(failures).toEqual([]);
    expect(operations).toBeGreaterThan(3 * CLIENTS);
    expect(retries).toBeLessThan(operations);
    expect(system.logs()).not.toContain('"problem":"internal"');
    expect(await brokenRules(system.database)).toEqual({});
  });

  async function notReady(origin: string): Promise<number> {
    // A door that is shut already is not ready either.
    const asked = () => fetch(`${origin}/health/ready`).catch(() => undefined);
    await until(async () => (await asked())?.status !== 200, 'the end of readiness');
    return performance.now();
  }
});

it('F23: what was refused in its last seconds an instance counts as it stops, after the jobs', async () => {
  const system = await startSystem({ env: { LIMIT_SMS_GLOBAL: '1/1h' } });
  try {
    const answers = [];
    for (let count = 0; count < 3; count += 1) answers.push((await new Person(system, nextPhone()).register()).status);
    expect(answers).toEqual([202, 503, 503]);
    expect(await system.kill(0, 'SIGTERM')).toBe(0);
    const { rows } = await system.database.query('SELECT sum(n)::int AS n FROM sms_refusals');
    expect(rows).toEqual([{ n: 2 }]);
  } finally {
    await system.stop();
  }
});
