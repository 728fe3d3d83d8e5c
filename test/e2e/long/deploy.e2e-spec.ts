// Two instances behind nginx, through pgbouncer in transaction mode, by the files of deploy/: the main job works, addresses are the
// clients', and a rolling restart fails no operation of anybody (F23). Skipped where Debian's nginx and pgbouncer are not installed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../src/platform/process/ports';
import { ApiClient, type ProblemBody, type TokensBody } from '../../support/api-client';
import { Around, missing } from '../../support/deployed';
import { startSystem, type System } from '../../support/instance';
import { Person } from '../../support/person';

const absent = missing('nginx', 'pgbouncer');
const CLIENTS = 4;
/** Between two operations of one client: people, not a load test. */
const PACE_MILLISECONDS = 50;

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

  beforeAll(async () => {
    if (absent.length > 0) return;
    const PUBLIC_URL = 'http://accounts.example.com';
    system = await startSystem({ instances: 2, env: { PUBLIC_URL, TRUSTED_PROXIES: '127.0.0.1' } });
    ports = [await freePort(), await freePort()];
    const front = await freePort();
    pooled = await around.pgbouncer(await freePort(), system.databaseUrl);
    behindPool = { DATABASE_DIRECT_URL: system.databaseUrl, DATABASE_PREPARED: 'false' };
    await restart(0);
    await restart(1);
    await around.nginx(front, ports);
    outside = new ApiClient(`http://127.0.0.1:${front}`);
  }, 300_000);

  afterAll(async () => {
    if (absent.length > 0) return;
    await around.stop();
    await system.stop();
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

  test('F23: both instances restart in turn while people refresh and look: nobody fails, after one retry', async () => {
    const people = await Promise.all(
      Array.from({ length: CLIENTS }, (_, n) => new Person(system, `+1415530281${n}`, undefined, outside).joined()),
    );
    let rolling = true;
    const failures: string[] = [];
    let operations = 0;
    const once = async (name: string, ask: () => Promise<{ status: number }>): Promise<void> => {
      operations += 1;
      const first = await ask().then(
        ({ status }) => status,
        () => 0,
      );
      if (first === 200) return;
      const second = await ask().then(
        ({ status }) => status,
        () => 0,
      );
      if (second !== 200) failures.push(`${name}: ${first}, then ${second}`);
    };
    const live = async (tokens: TokensBody): Promise<void> => {
      for (let mine = tokens; rolling;) {
        await once('refresh', async () => {
          const answer = await outside.post<TokensBody & ProblemBody>('/v1/auth/token/refresh', {
            refreshToken: mine.refreshToken,
          });
          if (answer.status === 200) mine = answer.body;
          return answer;
        });
        await sleep(PACE_MILLISECONDS);
        await once('me', () => outside.get('/v1/users/me', { token: mine.accessToken }));
      }
    };
    const clients = people.map(live);
    for (const instance of [0, 1]) {
      await system.kill(instance, 'SIGTERM');
      await restart(instance);
    }
    rolling = false;
    await Promise.all(clients);
    expect(failures).toEqual([]);
    expect(operations).toBeGreaterThan(CLIENTS * 10);
  });
});
