// The app as a process: how it refuses to start, how it stops, and that two instances are one system.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChallengeBody } from '../support/api-client';
import { startSystem, type System } from '../support/instance';
import { until } from '../support/patience';
import { stillRunning } from '../support/processes';
import { Program } from '../support/program';

describe('the process of the API', () => {
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ instances: 2 });
  });

  afterAll(() => system.stop());

  it('names every wrong setting in one line and exits 1', async () => {
    const program = new Program('main.js', { NODE_ENV: 'production', PORT: 'many', BCRYPT_COST: '1' });
    expect((await program.exited).code).toBe(1);
    expect(program.logs()).toMatch(/^latchkey: configuration: [^\n]+\n$/);
    for (const name of ['PORT', 'BCRYPT_COST', 'DATABASE_URL', 'SECRET_KEYS']) expect(program.logs()).toContain(name);
  });

  it('says that the port is in use, naming PORT, and exits 1', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(system.restart(1, { PORT: String(port) })).rejects.toThrow(`port ${port} is in use: set PORT`);
    other.close();
    await system.restart(1);
  });

  it.each([
    ['HOST', 'nowhere.invalid'],
    ['HOST', '192.0.2.1'],
    ['METRICS_HOST', 'nowhere.invalid'],
    ['METRICS_HOST', '192.0.2.1'],
  ])('says that %s names no address of this machine (%s), and exits 1', async (key, host) => {
    await expect(system.restart(1, { [key]: host })).rejects.toThrow(`latchkey: ${key} names no address`);
    await system.restart(1);
  });

  it('npm start says that LATCHKEY_DIR is no folder, and exits 1', async () => {
    const program = new Program('start.js', { NODE_ENV: 'development', LATCHKEY_DIR: __filename });
    expect((await program.exited).code).toBe(1);
    expect(program.logs()).toBe('latchkey: LATCHKEY_DIR cannot be a folder of ours (EEXIST)\n');
  });

  it('two instances share challenges: what one begins the other ends', async () => {
    const phone = '+12015550177';
    const [first, second] = system.apis;
    const { body } = await first!.post<ChallengeBody>('/v1/auth/register', {
      phone,
      password: 'violet-harbor-41-lantern',
    });
    const code = await system.phone.codeFor(phone);
    const verified = await second!.post('/v1/auth/otp/verify', { challengeToken: body.challengeToken, code });
    expect(verified.status).toBe(200);
  });

  it('F23: SIGTERM turns readiness off while requests are still served, then exits 0', async () => {
    const ended = system.kill(1, 'SIGTERM');
    const second = system.apis[1]!;
    await until(async () => (await second.get('/health/ready')).status !== 200, 'the end of readiness', 30_000, 1);
    expect((await second.get('/health/ready')).status).toBe(503);
    expect((await second.get('/health/live')).status).toBe(200);
    expect(await ended).toBe(0);
    await system.restart(1);
  });

  it('ends by itself when its parent is gone', async () => {
    const pid = system.pid(1);
    system.orphan(1);
    expect(await stillRunning([pid], 5000)).toEqual([]);
    await system.restart(1);
  });
});
