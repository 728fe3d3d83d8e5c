// Two instances behind nginx, through pgbouncer in transaction mode, by the files of deploy/, with one Redis: the main job works, addresses
// are the clients' and are counted over both, and a rolling restart fails no operation of anybody (F23). Skipped where Debian's nginx,
// pgbouncer and Redis are not installed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../src/platform/process/ports';
import { ApiClient, type ProblemBody, type TokensBody } from '../../support/api-client';
import { Around, carriesPrepared, missing } from '../../support/deployed';
import { startSystem, type System } from '../../support/instance';
import { patiently } from '../../support/patience';
import { Person } from '../../support/person';
import { redisMissing, RedisServer } from '../../support/redis-server';

const absent = [...missing('nginx', 'pgbouncer'), ...redisMissing()];
const CLIENTS = 4;
/** Between two operations of one client: people, not a load test. */
const PACE_MILLISECONDS = 50;
/** A connection each: one that lies idle is closed by a proxy that reloads, as clients know. */
const headers = { connection: 'close' };

describe(`deploy/nginx and deploy/pgbouncer${absent.length === 0 ? '' : `: skipped, not installed: ${absent.join(', ')}`}`, () => {
  const test = absent.length === 0 ? it : it.skip;
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-deploy-'));
  const around = new Around(folder);
  let system: System;
  let outside: ApiClient;
  let ports: number[];
  let pooled: string;

  const restart = (instance: number) =>
    system.restart(instance, { PORT: String(ports[instance]), DATABASE_URL: pooled, ...behindPool });
  let behindPool: Record<string, string>;
  let redis: RedisServer;

  beforeAll(async () => {
    if (absent.length > 0) return;
    const PUBLIC_URL = 'http://accounts.example.com';
    system = await startSystem({ instances: 2, env: { PUBLIC_URL, TRUSTED_PROXIES: '127.0.0.1' } });
    ports = [await freePort(), await freePort()];
    const front = await freePort();
    pooled = await around.pgbouncer(await freePort(), system.databaseUrl);
    redis = await RedisServer.start();
    const DATABASE_PREPARED = String(carriesPrepared());
    behindPool = { DATABASE_DIRECT_URL: system.databaseUrl, DATABASE_PREPARED, REDIS_URL: redis.url };
    await restart(0);
    await restart(1);
    await around.nginx(front, ports);
    outside = new ApiClient(`http://127.0.0.1:${front}`);
  }, patiently(300_000));

  afterAll(async () => {
    if (absent.length > 0) return;
    // First: from 1.23 on pgbouncer waits for its clients.
    await system.stop();
    await around.stop();
    await redis.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the main job works through both, on whichever instance', async () => {
    const person = new Person(system, '+14155302801', undefined, outside);
    const tokens = await person.joined();
    const again = await person.again();
    for (const { accessToken } of [tokens, again]) {
      expect((await outside.get('/v1/users/me', { token: accessToken })).status).toBe(200);
    }
  });

  test('an address that a client claims, and a trace, go no further than the proxy', async () => {
    const headers = {
      'x-forwarded-for': '203.0.113.77',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    };
    await outside.post('/v1/auth/login', { identifier: '+14155302802', password: 'a wrong one here' }, { headers });
    const { rows } = await system.database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM audit_log WHERE address = '203.0.113.77'`,
    );
    expect(rows).toEqual([{ n: 0 }]);
  });

  test('what an address has asked for is counted in the one Redis', async () => {
    expect(await redis.dump()).toContain('latchkey:friction:');
  });

  test('F23: both instances restart in turn while people refresh and look: no request of anybody fails', async () => {
    const people = await Promise.all(
      Array.from({ length: CLIENTS }, (_, n) => new Person(system, `+1415530281${n}`, undefined, outside).joined()),
    );
    let rolling = true;
    const failures: string[] = [];
    let operations = 0;
    const once = async (name: string, ask: () => Promise<{ status: number }>): Promise<void> => {
      operations += 1;
      // A worker of nginx that goes closes what it has accepted and read nothing of; every client asks again then (RFC 9112 9.5).
      const status = await ask()
        .catch(ask)
        .then(
          (answer) => answer.status,
          (error: Error) => error.message,
        );
      if (status !== 200) failures.push(`${name}: ${status}`);
    };
    const live = async (tokens: TokensBody): Promise<void> => {
      for (let mine = tokens; rolling;) {
        await once('refresh', async () => {
          const { refreshToken } = mine;
          const path = '/v1/auth/token/refresh';
          const answer = await outside.post<TokensBody & ProblemBody>(path, { refreshToken }, { headers });
          if (answer.status === 200) mine = answer.body;
          return answer;
        });
        await sleep(PACE_MILLISECONDS);
        await once('me', () => outside.get('/v1/users/me', { token: mine.accessToken, headers }));
      }
    };
    const clients = people.map(live);
    for (const instance of [0, 1]) {
      await around.serveFrom(ports.filter((_, other) => other !== instance));
      await system.kill(instance, 'SIGTERM');
      await restart(instance);
      await around.serveFrom(ports);
    }
    rolling = false;
    await Promise.all(clients);
    expect(failures).toEqual([]);
    expect(operations).toBeGreaterThan(CLIENTS * 10);
  });
});
