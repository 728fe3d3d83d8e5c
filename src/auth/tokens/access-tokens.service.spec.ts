import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  JsonWebKey,
  KeyObject,
  sign as signBytes,
} from 'node:crypto';
import { Logger } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Clock } from '../../platform/clock/clock';
import { Keyring } from '../../platform/crypto/keyring';
import { SealedBox } from '../../platform/crypto/sealed-box';
import { NodeRandom } from '../../platform/random/node-random';
import { PublicUrl } from '../../platform/request/public-url';
import type { Sql, Statement } from '../../database/sql';
import { LoadedConfig } from '../../config/load-config';
import { ClientsService } from '../clients/clients.service';
import { ClientsStore } from '../clients/clients.store';
import { AccessTokensService } from './access-tokens.service';
import { SigningKeyRow, SigningKeysStore } from './signing-keys.store';
import { type Claims, ClaimsSource } from './claims-source';
import { CustomClaims } from './custom-claims.service';
import { Issuer } from './issuer.service';
import { OwnClaims } from './own-claims.source';
import { SigningKeysService } from './signing-keys.service';
import { TokensConfig } from './tokens.config';

class HandClock extends Clock {
  at = Date.UTC(2026, 0, 1);
  override now(): Date {
    return new Date(this.at);
  }
}

/** Stands for the database: the table as PostgreSQL keeps it, at most one current and one next key. */
class KeyTable implements Sql {
  rows: SigningKeyRow[] = [];
  reads = 0;
  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    if (statement.text.startsWith('SELECT')) {
      this.reads += 1;
      return Promise.resolve([...this.rows] as Row[]);
    }
    const [kid, jwk, private_sealed, state, created_at] = values as [string, string, Buffer, 'current' | 'next', Date];
    if (!this.rows.some((row) => row.state === state)) {
      const times = { created_at, activated_at: created_at, retired_at: null, promote_at: null, accepted_until: null };
      this.rows.push({ kid, public_jwk: JSON.parse(jwk) as JsonWebKey, private_sealed, state, ...times });
    }
    return Promise.resolve([]);
  }
}

/** Client apps: shop has an audience and a lifetime of its own, plain neither. */
const clientTable: Sql = {
  run<Row>(_: Statement, [clientId]: readonly unknown[]): Promise<Row[]> {
    const shop = { clientId, audience: 'https://shop.example', accessTokenTtlSeconds: 3600, disabledAt: null };
    const plain = { ...shop, audience: 'http://127.0.0.1:3000', accessTokenTtlSeconds: null };
    return Promise.resolve((clientId === 'shop' ? [shop] : clientId === 'plain' ? [plain] : []) as Row[]);
  },
};

Logger.overrideLogger(false);

const random = new NodeRandom();
const userId = random.uuid();
const sessionId = random.uuid();
const ring = new Keyring([{ kid: 'k1', bytes: Buffer.alloc(32, 1) }]);

function scene(
  table = new KeyTable(),
  clock = new HandClock(),
  settings: Partial<TokensConfig> = {},
  source: ClaimsSource = new OwnClaims(),
) {
  const keys = new SigningKeysService(new SigningKeysStore(table), new SealedBox(ring, random), clock);
  const publicUrl = new PublicUrl();
  publicUrl.set('http://127.0.0.1:3000');
  const config = Object.assign(new TokensConfig(), settings);
  const tokens = new AccessTokensService(
    new JwtService({}),
    keys,
    new ClientsService(clientTable, new ClientsStore(), new LoadedConfig({ production: true }, new Map()), clock),
    new CustomClaims(source, config),
    config,
    new Issuer(config, publicUrl),
    clock,
    random,
  );
  const issue = async (clientId = 'first-party') =>
    (
      await tokens.issue({
        userId,
        phoneVerified: true,
        sessionId,
        clientId,
        authenticatedAt: clock.now(),
        amr: ['pwd', 'sms', 'mfa'],
        acr: 'aal2',
      })
    ).token;
  return { keys, tokens, clock, table, issue };
}

const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const part = (token: string, at: number) =>
  JSON.parse(Buffer.from(token.split('.')[at] ?? '', 'base64url').toString()) as Record<string, unknown>;

/** Signs whatever the test asks for with the real key. */
function forge(header: unknown, payload: unknown, key: KeyObject): string {
  const text = `${b64(header)}.${b64(payload)}`;
  const signature = signBytes('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

async function forger() {
  const base = scene();
  const good = await base.issue();
  const { privateKey } = await base.keys.current();
  const now = Math.floor(base.clock.at / 1000);
  const withClaims = (change: Record<string, unknown>) =>
    forge(part(good, 0), { ...part(good, 1), ...change }, privateKey);
  const withHeader = (change: Record<string, unknown>) =>
    forge({ ...part(good, 0), ...change }, part(good, 1), privateKey);
  return { ...base, good, privateKey, now, withClaims, withHeader };
}

it('issues RFC 9068 claims for the lifetime configured, and reads them back', async () => {
  const { issue, tokens, clock, keys } = scene();
  const token = await issue();
  const now = clock.at / 1000;
  expect(part(token, 0)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: (await keys.current()).kid });
  expect(part(token, 1)).toEqual({
    iss: 'http://127.0.0.1:3000',
    aud: 'http://127.0.0.1:3000',
    sub: userId,
    client_id: 'first-party',
    sid: sessionId,
    jti: expect.any(String) as string,
    iat: now,
    exp: now + 600,
    auth_time: now,
    amr: ['pwd', 'sms', 'mfa'],
    acr: 'aal2',
    phone_number_verified: true,
  });
  expect(await tokens.verify(token)).toEqual({
    userId,
    sessionId,
    clientId: 'first-party',
    authenticatedAt: clock.now(),
    amr: ['pwd', 'sms', 'mfa'],
    acr: 'aal2',
  });
});

it('what the configuration and the operator’s source add is in the token, beside our claims, for the client app it is for', async () => {
  class Roles extends ClaimsSource {
    override claimsFor(user: { id: string }, client: { clientId: string }, session: { id: string }): Promise<Claims> {
      return Promise.resolve({ roles: [user.id, client.clientId, session.id] });
    }
  }
  const { issue, tokens } = scene(undefined, undefined, { CUSTOM_CLAIMS: '{"tenant":"acme"}' }, new Roles());
  const token = await issue('shop');
  const added = { tenant: 'acme', roles: [userId, 'shop', sessionId] };
  expect(part(token, 1)).toMatchObject({ ...added, sub: userId, client_id: 'shop', phone_number_verified: true });
  expect(await tokens.claimsOf(token)).toMatchObject(added);
});

it('a token of a client app names its audience and ours, and lives as long as that client app says', async () => {
  const { issue, tokens, clock } = scene();
  const token = await issue('shop');
  const claims = part(token, 1);
  expect(claims).toMatchObject({ client_id: 'shop', aud: ['https://shop.example', 'http://127.0.0.1:3000'] });
  expect(claims['exp']).toBe(clock.at / 1000 + 3600);
  expect(await tokens.verify(token)).toMatchObject({ clientId: 'shop', sessionId });
  const plain = part(await issue('plain'), 1);
  expect([plain['aud'], plain['exp']]).toEqual(['http://127.0.0.1:3000', clock.at / 1000 + 600]);
});

it('no token is made for a client app that is unknown or disabled', async () => {
  await expect(scene().issue('gone')).rejects.toMatchObject({ definition: { code: 'token_invalid' } });
});

it('a forged token with nothing changed passes, so that the refusals below are about what they change', async () => {
  const { tokens, withClaims, withHeader } = await forger();
  expect(await tokens.verify(withClaims({}))).toBeDefined();
  expect(await tokens.verify(withHeader({}))).toBeDefined();
});

describe('A26: a token signed with the real key is refused when a claim is missing, wrong or out of time', () => {
  const year = 365 * 86_400;

  it.each<[string, (now: number) => Record<string, unknown>]>([
    ['no exp', () => ({ exp: undefined })],
    ['exp past the leeway', (now) => ({ iat: now - 600, exp: now - 30 })],
    ['exp ten years ahead', (now) => ({ exp: now + 10 * year })],
    ['exp a minute past the lifetime', (now) => ({ exp: now + 661 })],
    ['exp as text', (now) => ({ exp: String(now + 600) })],
    ['nbf future', (now) => ({ nbf: now + 31 })],
    ['nbf as text', (now) => ({ nbf: String(now) })],
    ['iat future', (now) => ({ iat: now + 31 })],
    ['no iat', () => ({ iat: undefined })],
    ['no iss', () => ({ iss: undefined })],
    ['wrong iss', () => ({ iss: 'http://evil.test' })],
    ['no aud', () => ({ aud: undefined })],
    ['wrong aud', () => ({ aud: 'http://evil.test' })],
    ['aud of ours among others', () => ({ aud: ['http://127.0.0.1:3000', 'http://evil.test'] })],
    ['aud of a client app alone', () => ({ client_id: 'shop', aud: ['https://shop.example'] })],
    ['aud of a client app as text', () => ({ client_id: 'shop', aud: 'https://shop.example' })],
    [
      'aud ours as a part of a text',
      () => ({ client_id: 'shop', aud: ['http://127.0.0.1:3000/x', 'xhttp://127.0.0.1:3000'] }),
    ],
    ['aud an empty list', () => ({ client_id: 'shop', aud: [] })],
    ['aud a list with what is no text', () => ({ client_id: 'shop', aud: ['http://127.0.0.1:3000', { a: 1 }] })],
    ['exp past the longest life of a client app', (now) => ({ client_id: 'shop', exp: now + 3661 })],
    ['no sid', () => ({ sid: undefined })],
    ['sid not a UUID', () => ({ sid: 'x' })],
    ['no sub', () => ({ sub: undefined })],
    ['sub not a UUID', () => ({ sub: "' OR 1=1--" })],
    ['sub an object', () => ({ sub: { $ne: '' } })],
    ['sub a number', () => ({ sub: 1 })],
    ['auth_time future', (now) => ({ auth_time: now + 3600 })],
    ['amr not a list', () => ({ amr: 'pwd' })],
    ['no acr', () => ({ acr: undefined })],
    ['no client_id', () => ({ client_id: undefined })],
  ])('%s', async (_case, change) => {
    const { tokens, withClaims, now } = await forger();
    expect(await tokens.verify(withClaims(change(now)))).toBeUndefined();
  });

  it.each([['JWT'], ['jwt'], ['rt+jwt'], [undefined]])('typ %s', async (typ) => {
    const { tokens, withHeader } = await forger();
    expect(await tokens.verify(withHeader({ typ }))).toBeUndefined();
  });

  it('a verified token dies with its exp and not later, although it is remembered', async () => {
    const { tokens, good, clock } = await forger();
    expect(await tokens.verify(good)).toBeDefined();
    clock.at += (600 + 29) * 1000;
    expect(await tokens.verify(good)).toBeDefined();
    clock.at += 1000;
    expect(await tokens.verify(good)).toBeUndefined();
  });
});

describe('A27: the algorithm is ours to choose', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

  it.each<[string, (f: Awaited<ReturnType<typeof forger>>) => string]>([
    ['none', (f) => `${b64({ ...part(f.good, 0), alg: 'none' })}.${f.good.split('.')[1]}.`],
    ['None', (f) => `${b64({ ...part(f.good, 0), alg: 'None' })}.${f.good.split('.')[1]}.AA`],
    ['none with the real signature', (f) => f.withHeader({ alg: 'none' })],
    ['HS256 by the public key', (f) => hmac(f, 'HS256')],
    ['HS384 by the public key', (f) => hmac(f, 'HS384')],
    [
      'RS256',
      (f) => {
        const text = `${b64({ ...part(f.good, 0), alg: 'RS256' })}.${f.good.split('.')[1]}`;
        return `${text}.${signBytes('sha256', Buffer.from(text), rsa.privateKey).toString('base64url')}`;
      },
    ],
    ['empty signature', (f) => f.good.replace(/[^.]+$/, '')],
    ['short signature', (f) => f.good.slice(0, -4)],
    ['one-byte signature', (f) => f.good.replace(/[^.]+$/, 'AA')],
    ['signature of zeros', (f) => f.good.replace(/[^.]+$/, 'A'.repeat(86))],
    ['payload changed', (f) => f.good.replace(/\.[^.]+\./, `.${b64({ ...part(f.good, 1), sub: sessionId })}.`)],
    ['header not JSON', (f) => f.good.replace(/^[^.]+/, 'AAAA')],
    ['header null', (f) => f.good.replace(/^[^.]+/, b64(null))],
    ['payload not an object', (f) => forge(part(f.good, 0), 'text', f.privateKey)],
    ['payload null', (f) => forge(part(f.good, 0), null, f.privateKey)],
    ['two dots more', (f) => `${f.good}..`],
    ['two parts', (f) => f.good.split('.').slice(0, 2).join('.')],
    ['a line break', (f) => `${f.good}\n`],
    ['nothing', () => ''],
  ])('%s', async (_case, make) => {
    const made = await forger();
    expect(await made.tokens.verify(make(made))).toBeUndefined();
  });

  function hmac({ good, privateKey }: Awaited<ReturnType<typeof forger>>, alg: 'HS256' | 'HS384'): string {
    const text = `${b64({ ...part(good, 0), alg })}.${good.split('.')[1]}`;
    const publicKey = createPublicKey(privateKey.export({ format: 'pem', type: 'pkcs8' })).export({
      format: 'pem',
      type: 'spki',
    });
    return `${text}.${createHmac(alg === 'HS256' ? 'sha256' : 'sha384', publicKey)
      .update(text)
      .digest('base64url')}`;
  }
});

describe('A28: the key id is a name in a map and nothing else', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a path', { kid: '../../dev/null' }],
    ['SQL', { kid: "' OR 1=1--" }],
    ['10 kB', { kid: 'k'.repeat(10_240) }],
    ['none', { kid: undefined }],
    ['a list', { kid: ['k'] }],
    ['a prototype member', { kid: '__proto__' }],
    ['jku', { jku: 'http://127.0.0.1:1/' }],
    ['x5u', { x5u: 'http://127.0.0.1:1/' }],
    ['jwk', { jwk: { kty: 'EC' } }],
    ['x5c', { x5c: ['AA'] }],
    ['crit', { crit: ['exp'] }],
    ['b64', { b64: false }],
  ])('%s', async (_case, change) => {
    const { tokens, withHeader } = await forger();
    expect(await tokens.verify(withHeader(change))).toBeUndefined();
  });

  it('made-up ids lead to one reload in 5 s', async () => {
    const { tokens, withHeader, table, clock } = await forger();
    const before = table.reads;
    for (let i = 0; i < 50; i += 1) await tokens.verify(withHeader({ kid: `made-up-${i}` }));
    expect(table.reads).toBe(before);
    clock.at += 5000;
    for (let i = 0; i < 50; i += 1) await tokens.verify(withHeader({ kid: `made-up-${i}` }));
    expect(table.reads).toBe(before + 1);
  });
});

describe('signing keys', () => {
  it('two instances that start at once end with one current key and accept each other', async () => {
    const table = new KeyTable();
    const [a, b] = [scene(table), scene(table)];
    const [fromA, fromB] = await Promise.all([a.issue(), b.issue()]);
    expect(table.rows).toHaveLength(2);
    expect(await b.tokens.verify(fromA)).toBeDefined();
    expect(await a.tokens.verify(fromB)).toBeDefined();
  });

  it('a key that another instance has made is found when its first token comes', async () => {
    const [old, young] = [scene(), scene()];
    const token = await young.issue();
    await old.issue();
    old.table.rows.push({ ...young.table.rows[0], state: 'next' } as SigningKeyRow);
    old.clock.at += 5000;
    expect(await old.tokens.verify(token)).toBeDefined();
  });

  it('a removed key takes its tokens with it, the remembered ones too', async () => {
    const { tokens, issue, table, clock, keys } = scene();
    const token = await issue();
    expect(await tokens.verify(token)).toBeDefined();
    table.rows = (await newTable()).rows;
    clock.at += 5000;
    await keys.verifier('unknown');
    expect(await tokens.verify(token)).toBeUndefined();
  });

  it('publishes public members only, under the RFC 7638 thumbprint', async () => {
    const { keys } = scene();
    const [key] = await keys.published();
    expect(Object.keys(key ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(key?.kid).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('lies sealed in the table, and a ring without its secret answers 503', async () => {
    const { table, keys, clock } = scene();
    const { privateKey } = await keys.current();
    const [row] = table.rows;
    const d = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
    expect(row?.private_sealed?.includes(d)).toBe(false);
    expect(row?.public_jwk).not.toHaveProperty('d');
    const other = new SealedBox(new Keyring([{ kid: 'k2', bytes: Buffer.alloc(32, 2) }]), random);
    const stranger = new SigningKeysService(new SigningKeysStore(table), other, clock);
    await expect(stranger.onApplicationBootstrap()).resolves.toBeUndefined();
    await expect(stranger.current()).rejects.toMatchObject({ code: 'not_ready' });
  });

  async function newTable(): Promise<KeyTable> {
    const other = scene();
    await other.issue();
    return other.table;
  }
});

it('JWT_ISSUER and JWT_AUDIENCE go before the public address', async () => {
  const { issue, tokens } = scene(undefined, undefined, { JWT_ISSUER: 'https://id.example', JWT_AUDIENCE: 'api' });
  const token = await issue();
  expect(part(token, 1)).toMatchObject({ iss: 'https://id.example', aud: 'api' });
  expect(await tokens.verify(token)).toBeDefined();
  expect(await scene().tokens.verify(token)).toBeUndefined();
});
