// `npm run start:cluster`: several instances on one port. One that dies is replaced, a rolling restart fails nobody's request, and
// whatever ends the supervisor leaves nothing behind (F23).
import { ApiClient } from '../../support/api-client';
import { parseExposition, sumOf, type Exposition } from '../../support/exposition';
import { startSystem, type System } from '../../support/instance';
import { patiently, until } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';
import { childrenOf, stillRunning } from '../../support/processes';
import { Program, type ReadyLine } from '../../support/program';

const nextPhone = phoneNumbers();
const INSTANCES = 2;
let system: System;
let cluster: Program;
let ready: ReadyLine;
const started: Program[] = [];

async function startCluster(env: Readonly<Record<string, string>> = {}): Promise<Program> {
  const program = new Program('cluster.js', { ...system.env, CLUSTER_INSTANCES: String(INSTANCES), ...env });
  started.push(program);
  ready = await program.ready();
  return program;
}

beforeAll(async () => {
  system = await startSystem();
  cluster = await startCluster();
});
afterAll(async () => {
  await Promise.all(started.map((program) => program.stop()));
  await system.stop();
});

const figures = async (): Promise<Exposition> =>
  parseExposition(await (await fetch(`${String(ready['metrics'])}/metrics`)).text());

/** On a connection of its own, so that the next instance in turn has it. @returns its status, or what went wrong */
const ping = (): Promise<number | string> =>
  fetch(`${String(ready['api'])}/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: '{}',
    signal: AbortSignal.timeout(20_000),
  }).then(
    ({ status }) => status,
    (error: Error) => `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`,
  );

function newPids(before: readonly number[]): Promise<number[]> {
  const another = async (): Promise<number[] | false> => {
    const now = childrenOf(cluster.pid).filter((pid) => !before.includes(pid));
    const up = sumOf(await figures(), 'latchkey_nodejs_version_info');
    return now.length > 0 && up === INSTANCES && now;
  };
  return until(another, 'another instance', 45_000, 50);
}

it('serves one port with all instances, each told apart in the metrics, and people sign in', async () => {
  const api = new ApiClient(String(ready['api']));
  const { accessToken } = await new Person(system, nextPhone(), undefined, api).joined();
  for (let n = 0; n < 8; n += 1) expect((await api.get('/v1/users/me', { token: accessToken })).status).toBe(200);
  for (let n = 0; n < 2 * INSTANCES; n += 1) expect(await ping()).toBe(400);
  const seen = await figures();
  const route = { route: '/v1/auth/login' };
  for (const process of ['1', '2']) {
    expect(sumOf(seen, 'latchkey_http_request_duration_seconds_count', { ...route, process })).toBeGreaterThan(0);
  }
  expect(sumOf(seen, 'latchkey_cluster_instances')).toBe(INSTANCES);
  expect(ready['instances']).toBe(INSTANCES);
});

it('an instance that dies takes nobody else with it, and another one comes', async () => {
  const before = childrenOf(cluster.pid);
  expect(before).toHaveLength(INSTANCES);
  process.kill(Number(before[0]), 'SIGKILL');
  const noticed = /instance 1 ended \(SIGKILL\); it is started again in 500 ms/;
  expect(await cluster.until(() => noticed.test(cluster.stderr) || undefined, patiently(20_000))).toBe(true);
  for (let n = 0; n < 5; n += 1) expect(await ping()).toBe(400);
  expect(await newPids(before)).toHaveLength(1);
  expect(sumOf(await figures(), 'latchkey_cluster_restarts_total', { reason: 'crash' })).toBe(1);
});

it('F23: SIGUSR2 replaces every instance, and no request fails meanwhile', async () => {
  const before = childrenOf(cluster.pid);
  let over = false;
  const failed: (number | string)[] = [];
  const asking = (async () => {
    while (!over) {
      const answer = await ping();
      if (answer !== 400) failed.push(answer);
    }
  })();
  cluster.kill('SIGUSR2');
  const told = await cluster.until(
    () => /every instance was restarted/.test(cluster.stderr) || undefined,
    patiently(60_000),
  );
  over = true;
  await asking;
  expect(told).toBe(true);
  expect(failed).toEqual([]);
  const now = childrenOf(cluster.pid);
  expect(now).toHaveLength(INSTANCES);
  expect(now.filter((pid) => before.includes(pid))).toEqual([]);
});

it('F23: SIGTERM ends every instance in order, with exit code 0', async () => {
  const instances = childrenOf(cluster.pid);
  cluster.kill('SIGTERM');
  expect(await cluster.exited).toEqual({ code: 0, signal: null });
  expect(await stillRunning(instances, 1000)).toEqual([]);
});

it('the death of the supervisor leaves no instance behind', async () => {
  cluster = await startCluster({ CLUSTER_INSTANCES: '1' });
  const instances = childrenOf(cluster.pid);
  cluster.kill('SIGKILL');
  await cluster.exited;
  expect(instances).toHaveLength(1);
  expect(await stillRunning(instances, 20_000)).toEqual([]);
});

it('a start with wrong values ends at once, in one line, and so does one whose port is taken', async () => {
  const wrong = new Program('cluster.js', { ...system.env, CLUSTER_INSTANCES: '0', BCRYPT_COST: '99' });
  expect((await wrong.exited).code).toBe(1);
  expect(wrong.stderr).toMatch(
    /^latchkey: .*CLUSTER_INSTANCES.*BCRYPT_COST.*\n$|^latchkey: .*BCRYPT_COST.*CLUSTER_INSTANCES.*\n$/,
  );
  const port = new URL(system.api.url).port;
  const taken = new Program('cluster.js', { ...system.env, PORT: port, CLUSTER_INSTANCES: '1' });
  expect((await taken.exited).code).toBe(1);
  expect(taken.stderr).toContain(`port ${port} is in use: set PORT `);
  const beside = new Program('cluster.js', { ...system.env, METRICS_PORT: port, CLUSTER_INSTANCES: '1' });
  expect((await beside.exited).code).toBe(1);
  expect(beside.stderr).toContain(`port ${port} is in use: set METRICS_PORT `);
});
