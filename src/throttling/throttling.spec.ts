// Limits over HTTP: a real server on a real socket, the guard after an access guard as in the app (cases A79, A80, A87).
import { type CanActivate, Controller, type ExecutionContext, Get, Module, Post } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { ConfigModule } from '../config/config.module';
import { HttpConfig } from '../config/http.config';
import { loadConfig } from '../config/load-config';
import { Clock } from '../platform/clock/clock';
import { KeyedDigest } from '../platform/crypto/keyed-digest';
import { Keyring } from '../platform/crypto/keyring';
import { ProblemFilter } from '../platform/errors/problem.filter';
import { Metrics } from '../platform/metrics/metrics';
import { knowClientAddresses } from '../platform/request/request-address';
import { isPublic, Public } from '../platform/request/public.decorator';
import { MovedClock } from '../../test/contract/throttle-storage.contract';
import { FailureThrottle } from './failure-throttle.service';
import { RedisConfig } from './redis.config';
import { ThrottleGuard } from './throttle.guard';
import { Throttled, Unthrottled } from './throttled.decorator';
import { ThrottlingConfig } from './throttling.config';
import { ThrottlingModule } from './throttling.module';

@Controller()
class Routes {
  @Public()
  @Get('open')
  open() {
    return {};
  }

  @Public()
  @Get('open-too')
  openToo() {
    return {};
  }

  @Public()
  @Throttled('LIMIT_REGISTER_ADDRESS')
  @Post('register')
  register() {
    return {};
  }

  @Public()
  @Unthrottled()
  @Get('health')
  health() {
    return {};
  }

  @Public()
  @Unthrottled()
  @Throttled('LIMIT_STATUS')
  @Post('status')
  status() {
    return {};
  }

  @Get('mine')
  mine() {
    return {};
  }
}

class SessionFromHeader implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (isPublic(context)) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const sessionId = String(request.headers['x-session']);
    request.actor = { userId: 'u', sessionId, clientId: 'c', authenticatedAt: new Date(0), amr: [], acr: 'aal2' };
    return true;
  }
}

const digests = new KeyedDigest(new Keyring([{ kid: 'k1', bytes: Buffer.alloc(32, 1) }]));
const ports = [
  { provide: Clock, useClass: MovedClock },
  { provide: Metrics, useValue: new Metrics() },
  { provide: KeyedDigest, useValue: digests },
];

@Module({ providers: ports, exports: ports })
class PortsModule {}

async function start(variables: Record<string, string> = {}, trustProxy: string[] = [], guards = [SessionFromHeader]) {
  const limits = { LIMIT_UNAUTHENTICATED: '3/1m', LIMIT_SESSION: '3/1m', LIMIT_REGISTER_ADDRESS: '2/1h' };
  const environment = { NODE_ENV: 'development', LIMIT_STATUS: '4/1m', ...limits, ...variables };
  const config = loadConfig([ThrottlingConfig, RedisConfig, HttpConfig], environment);

  @Module({
    imports: [{ module: PortsModule, global: true }, ConfigModule.forRoot(config), ThrottlingModule],
    controllers: [Routes],
    providers: guards.map((useClass) => ({ provide: APP_GUARD, useClass })),
  })
  class TestModule {}

  const adapter = new FastifyAdapter({ trustProxy: trustProxy.length === 0 ? false : trustProxy });
  knowClientAddresses(adapter.getInstance());
  const app = await NestFactory.create<NestFastifyApplication>(TestModule, adapter, { logger: false });
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalGuards(app.get(ThrottleGuard));
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  const call = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { connection: 'close', ...headers } });
  const statuses = async (
    count: number,
    path: string,
    headers?: (n: number) => Record<string, string>,
    method?: string,
  ) => {
    const seen: number[] = [];
    for (let n = 0; n < count; n += 1) seen.push((await call(path, headers?.(n), method)).status);
    return seen;
  };
  return { app, call, statuses, clock: app.get<Clock, MovedClock>(Clock) };
}

describe('limits per address and session', () => {
  let running: Awaited<ReturnType<typeof start>> | undefined;
  const begin = async (...options: Parameters<typeof start>) => (running = await start(...options));
  afterEach(async () => {
    await running?.app.close();
    running = undefined;
  });

  it('refuses the request over the limit with 429, Retry-After and a problem document, then passes after that time', async () => {
    const { call, clock } = await begin();
    for (let n = 0; n < 3; n += 1) expect((await call('/open')).status).toBe(200);
    clock.at += 15_000;
    const refused = await call('/open');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '45']);
    expect(await refused.json()).toMatchObject({ code: 'rate_limited', retryAfter: 45 });
    clock.at += 45_000;
    expect((await call('/open')).status).toBe(200);
  });

  it('counts all public routes of an address together: another route is no way around (A87)', async () => {
    const { call, statuses } = await begin();
    expect(await statuses(3, '/open')).toEqual([200, 200, 200]);
    expect((await call('/open-too?x=1')).status).toBe(429);
    expect((await call('/open', {}, 'HEAD')).status).toBe(429);
  });

  it('puts a route under its own limit as well', async () => {
    const { statuses } = await begin({ LIMIT_UNAUTHENTICATED: '100/1m' });
    expect(await statuses(3, '/register', undefined, 'POST')).toEqual([201, 201, 429]);
    expect(await statuses(1, '/open')).toEqual([200]);
  });

  it('enforces every window of a limit, and refusals by the short one do not use up the long one', async () => {
    const { statuses, clock } = await begin({ LIMIT_UNAUTHENTICATED: '5/1h,2/1m' });
    expect(await statuses(6, '/open')).toEqual([200, 200, 429, 429, 429, 429]);
    clock.at += 60_000;
    expect(await statuses(3, '/open')).toEqual([200, 200, 429]);
    clock.at += 60_000;
    expect(await statuses(2, '/open')).toEqual([200, 429]);
  });

  it('leaves out what is marked, and holds it to its named limit only', async () => {
    const { statuses } = await begin();
    expect(await statuses(10, '/health')).toEqual(Array(10).fill(200));
    expect(await statuses(5, '/status', undefined, 'POST')).toEqual([201, 201, 201, 201, 429]);
    expect(await statuses(3, '/open')).toEqual([200, 200, 200]);
  });

  it('counts protected routes per session, not per address', async () => {
    const { statuses } = await begin();
    expect(await statuses(4, '/mine', () => ({ 'x-session': 'a' }))).toEqual([200, 200, 200, 429]);
    expect(await statuses(1, '/mine', () => ({ 'x-session': 'b' }))).toEqual([200]);
  });

  it('fails closed when it runs before the access guard', async () => {
    const { call } = await begin({}, [], []);
    expect((await call('/mine')).status).toBe(500);
  });

  it('does nothing when a limit is off', async () => {
    const { statuses } = await begin({ LIMIT_UNAUTHENTICATED: 'off' });
    expect(await statuses(20, '/open')).toEqual(Array(20).fill(200));
  });

  const headersThatClaim = (address: string) => ({
    'x-forwarded-for': address,
    'x-real-ip': address,
    forwarded: `for=${address}`,
    'cf-connecting-ip': address,
    'true-client-ip': address,
    'x-client-ip': address,
  });

  it('is not moved by address headers on a direct connection (A79)', async () => {
    const { statuses } = await begin();
    expect(await statuses(5, '/open', (n) => headersThatClaim(`198.51.100.${n}`))).toEqual([200, 200, 200, 429, 429]);
  });

  describe('behind one trusted proxy (A80)', () => {
    const trusted = ['127.0.0.1/32'];
    const from = (value: string) => ({ 'x-forwarded-for': value });

    it('counts the rightmost untrusted hop, whatever stands left of it', async () => {
      const { statuses } = await begin({}, trusted);
      expect(await statuses(4, '/open', (n) => from(`10.0.0.${n}, 203.0.113.9`))).toEqual([200, 200, 200, 429]);
      expect(await statuses(1, '/open', () => from('203.0.113.10'))).toEqual([200]);
    });

    it("leaves the bucket of an address alone that somebody else put into the header's left part", async () => {
      const { statuses } = await begin({}, trusted);
      await statuses(5, '/open', () => from('203.0.113.77, 198.51.100.1'));
      expect(await statuses(3, '/open', () => from('203.0.113.77'))).toEqual([200, 200, 200]);
    });

    it('counts IPv4-mapped IPv6 as IPv4 and a whole /64 as one', async () => {
      const { statuses } = await begin({}, trusted);
      expect(await statuses(3, '/open', () => from('203.0.113.9'))).toEqual([200, 200, 200]);
      expect(await statuses(1, '/open', () => from('::ffff:203.0.113.9'))).toEqual([429]);
      expect(await statuses(4, '/open', (n) => from(`2001:db8::${n + 1}`))).toEqual([200, 200, 200, 429]);
    });

    it.each(['garbage', ',,,', '999.999.999.999', '%00', '[::1', `${'1'.repeat(4000)}`])(
      'answers %s without a 5xx, counted in a bucket of its own kind',
      async (value) => {
        const { statuses } = await begin({}, trusted);
        const seen = await statuses(4, '/open', () => from(value));
        expect(seen).toEqual([200, 200, 200, 429]);
      },
    );
  });

  it('FailureThrottle counts failures only, asks without counting, and is shared by all who name the address', async () => {
    const { app, clock } = await begin({ LIMIT_PASSWORD_ADDRESS: '2/5m,3/1h' });
    const failures = app.get(FailureThrottle);
    const check = () => failures.check('LIMIT_PASSWORD_ADDRESS', '203.0.113.9');
    const fail = () => failures.fail('LIMIT_PASSWORD_ADDRESS', '::ffff:203.0.113.9');
    for (let n = 0; n < 10; n += 1) await check();
    await fail();
    await check();
    await fail();
    await expect(check()).rejects.toMatchObject({ code: 'rate_limited', context: { retryAfterSeconds: 300 } });
    clock.at += 300_000;
    await check();
    await fail();
    await expect(check()).rejects.toMatchObject({ context: { retryAfterSeconds: 3300 } });
    await failures.check('LIMIT_FACTOR_ADDRESS', '203.0.113.9');
  });
});
