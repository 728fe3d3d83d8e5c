import { Controller, Get, Global, Module } from '@nestjs/common';
import { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AuditModule } from '../../audit/audit.module';
import { CryptoModule } from '../../config/crypto.module';
import { HttpConfig } from '../../config/http.config';
import { KeyringConfig } from '../../config/keyring.config';
import { applyDefaultLimits, Limit } from '../../config/limit';
import { LoadedConfig } from '../../config/load-config';
import { Secret } from '../../config/secret';
import { Database } from '../../database/database.service';
import { Transactions } from '../../database/transactions';
import type { Sql, Statement } from '../../database/sql';
import { JobRegistry } from '../../jobs/job-registry.service';
import { Clock } from '../../platform/clock/clock';
import { SystemClock } from '../../platform/clock/system-clock';
import { generateSecretKeys } from '../../platform/crypto/secret-ring';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { ProblemFilter } from '../../platform/errors/problem.filter';
import { Metrics } from '../../platform/metrics/metrics';
import { Standstill } from '../../platform/process/standstill';
import { NodeRandom } from '../../platform/random/node-random';
import { Random } from '../../platform/random/random';
import { ApiKey } from '../../platform/request/api-key.decorator';
import type { Actor } from '../../platform/request/actor';
import { CurrentActor } from '../../platform/request/current-actor.decorator';
import { Public } from '../../platform/request/public.decorator';
import { PublicUrl } from '../../platform/request/public-url';
import { RequestContext } from '../../platform/request/request-context';
import { RedisConfig } from '../../throttling/redis.config';
import { ThrottlingConfig } from '../../throttling/throttling.config';
import { ThrottlingModule } from '../../throttling/throttling.module';
import { ClientsConfig } from '../clients/clients.config';
import { CurrentClient } from '../clients/current-client.decorator';
import type { ApiClient } from '../clients/clients.types';
import { clientSecrets } from '../opaque-tokens.algorithm';
import { AccessTokensService } from '../tokens/access-tokens.service';
import { TokensConfig } from '../tokens/tokens.config';
import { AccessTokenGuard } from './access-token.guard';
import { AccessModule } from './access.module';

const API_KEY = `ak_${'k'.repeat(43)}`;

/** Stands for the database: one table of keys, what the session statement answers, and one client app. */
class FakeSql implements Sql {
  readonly keys: Record<string, unknown>[] = [];
  client: Partial<ApiClient> = { clientId: 'ops', scopes: ['introspect'] };
  liveness: () => Promise<unknown[]> = () => Promise.resolve([{ endsAt: new Date(8.64e15) }]);

  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    if (statement.name === 'session-liveness') return this.liveness() as Promise<Row[]>;
    if (statement.name === 'audit_record') return Promise.resolve([]);
    if (statement.name === 'clients_by_secret') {
      const known = (values[0] as Buffer).equals(clientSecrets.digest(API_KEY) ?? Buffer.alloc(0));
      return Promise.resolve((known ? [this.client] : []) as Row[]);
    }
    if (statement.name === 'signing-keys-all') return Promise.resolve([...this.keys] as Row[]);
    const [kid, jwk, sealed] = values as [string, string, Buffer];
    this.keys.push({ kid, public_jwk: JSON.parse(jwk) as unknown, private_sealed: sealed, state: 'current' });
    return Promise.resolve([]);
  }
}

@Controller()
class Routes {
  @Get('unmarked')
  unmarked(@CurrentActor() actor: Actor): Actor {
    return actor;
  }

  @ApiKey('introspect')
  @Get('for-services')
  service(@CurrentClient() client: ApiClient): ApiClient {
    return client;
  }

  @ApiKey('admin')
  @Get('for-admins')
  admin(): string {
    return 'admin';
  }

  @Public()
  @Get('open')
  open(): string {
    return 'open';
  }
}

const random = new NodeRandom();
const sql = new FakeSql();
const publicUrl = new PublicUrl();
publicUrl.set('http://127.0.0.1:3000');
const ring = Object.assign(new KeyringConfig(), { SECRET_KEYS: new Secret(generateSecretKeys()) });
const limits = Object.assign(new ThrottlingConfig(), { LIMIT_CLIENT_ADDRESS: Limit.parse('3/1h') });
applyDefaultLimits(limits, { production: true });
const shared = [
  { provide: Clock, useValue: new SystemClock() },
  { provide: Random, useValue: random },
  { provide: PublicUrl, useValue: publicUrl },
  { provide: TokensConfig, useValue: new TokensConfig() },
  { provide: Database, useValue: sql },
  { provide: KeyringConfig, useValue: ring },
  { provide: LoadedConfig, useValue: new LoadedConfig({ production: true }, new Map()) },
  { provide: ThrottlingConfig, useValue: limits },
  RedisConfig,
  { provide: HttpConfig, useValue: new HttpConfig() },
  ClientsConfig,
  JobRegistry,
  Metrics,
  RequestContext,
  Standstill,
  Transactions,
];

@Global()
@Module({ providers: shared, exports: shared })
class SharedModule {}

let app: NestFastifyApplication;

beforeAll(async () => {
  const testing = Test.createTestingModule({
    imports: [SharedModule, CryptoModule, AuditModule, ThrottlingModule, AccessModule],
    controllers: [Routes],
  });
  app = (await testing.compile()).createNestApplication<NestFastifyApplication>(new FastifyAdapter(), {
    logger: false,
  });
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalGuards(app.get(AccessTokenGuard));
  await app.init();
});

afterAll(() => app.close());

async function tokenFor(sessionId: string, userId: string): Promise<string> {
  const request = {
    userId,
    phoneVerified: true,
    sessionId,
    clientId: 'first-party',
    authenticatedAt: new SystemClock().now(),
  };
  const tokens = app.get(AccessTokensService, { strict: false });
  return (await tokens.issue({ ...request, amr: ['pwd', 'sms', 'mfa'] })).token;
}

async function call(authorization?: string, url = '/unmarked') {
  const headers = authorization === undefined ? {} : { authorization };
  const answer = await app.inject({ method: 'GET', url, headers });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<Record<string, unknown>>() };
}

it('shuts what is not marked public, and says how to authenticate', async () => {
  for (const authorization of [undefined, '', 'Basic YTpi', 'Bearer', 'Bearer ', 'Bearer a b', 'Bearer a.b.c']) {
    const { status, body, headers } = await call(authorization);
    expect([status, body['code'], headers['www-authenticate']]).toEqual([401, 'token_invalid', 'Bearer']);
  }
  expect((await app.inject({ method: 'GET', url: '/open' })).statusCode).toBe(200);
});

it.each([
  'rg6_k1_AA',
  'lg6_k1_AA',
  'lg10_k1_AA',
  'su_k1_AA',
  'rs6_k1_AA',
  'pc_AA',
  'ec6_k1_AA',
  'pv_AA',
  'rf_k1_AA',
  'td_AA',
  'ak_AA',
  'iv_AA',
])('A13: a token of another kind is told so: %s', async (token) => {
  const { status, body } = await call(`Bearer ${token}`);
  expect([status, body['code']]).toEqual([401, 'token_type_invalid']);
});

it('lets a client app with the scope of the route in and tells the route which one', async () => {
  const { status, body } = await call(`Bearer ${API_KEY}`, '/for-services');
  expect([status, body['clientId']]).toEqual([200, 'ops']);
});

it('A11: the key of a client app without the scope is 403, a token of a person 401, both without reaching the route', async () => {
  const without = await call(`Bearer ${API_KEY}`, '/for-admins');
  expect([without.status, without.body['code']]).toEqual([403, 'insufficient_scope']);
  const person = await call(`Bearer ${await tokenFor(random.uuid(), random.uuid())}`, '/for-admins');
  expect([person.status, person.body['code']]).toEqual([401, 'token_type_invalid']);
});

it('refuses wrong keys with 401 and, when there are too many, with 429; the right key works on', async () => {
  const wrong = (n: number) => call(`Bearer ak_${String(n).repeat(43)}`, '/for-services');
  for (const n of [1, 2, 3]) {
    const { status, body, headers } = await wrong(n);
    expect([status, body['code'], headers['www-authenticate']]).toEqual([401, 'token_invalid', 'Bearer']);
  }
  expect((await wrong(4)).status).toBe(429);
  expect((await call(`Bearer ${API_KEY}`, '/for-services')).status).toBe(200);
});

it('lets a person with a living session in and tells the route who they are', async () => {
  const [sessionId, userId] = [random.uuid(), random.uuid()];
  const { status, body } = await call(`Bearer ${await tokenFor(sessionId, userId)}`);
  expect([status, body['sessionId'], body['userId']]).toEqual([200, sessionId, userId]);
});

it('A38, A39: a good token of an ended session is refused', async () => {
  sql.liveness = () => Promise.resolve([]);
  const { status, body } = await call(`Bearer ${await tokenFor(random.uuid(), random.uuid())}`);
  expect([status, body['code']]).toEqual([401, 'token_invalid']);
});

it('fails closed: 503 while the database cannot say whether the session lives', async () => {
  sql.liveness = () => Promise.reject(new AppError(platformErrors.not_ready, { retryAfterSeconds: 2 }));
  const { status, headers } = await call(`Bearer ${await tokenFor(random.uuid(), random.uuid())}`);
  expect([status, headers['retry-after']]).toEqual([503, '2']);
});

it('publishes the keys to everyone, cacheable for 5 minutes, without a private member', async () => {
  const answer = await app.inject({ method: 'GET', url: '/.well-known/jwks.json' });
  expect(answer.headers['cache-control']).toBe('public, max-age=300');
  const { keys } = answer.json<{ keys: Record<string, unknown>[] }>();
  expect(keys.map(({ kid }) => kid).sort()).toEqual(sql.keys.map(({ kid }) => kid).sort());
  for (const key of keys) {
    expect(key).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
    expect(key).not.toHaveProperty('d');
  }
});
