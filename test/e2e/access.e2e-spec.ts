// Access tokens as an attacker would bend them (A13, A27, A28), against a protected route of a running instance. Claims that
// only the holder of the key can forge (A26) are tried beside the code, in src/auth/tokens/access-tokens.service.spec.ts.
import { createHmac, createPublicKey, generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PASSWORD, signUp } from '../support/accounts';
import type { ChallengeBody, ProblemBody, TokensBody } from '../support/api-client';
import { startSystem, type System } from '../support/instance';
import { send } from '../support/raw-http';

const ME = '/v1/users/me';
const PHONE = '+14152010001';

interface Parts {
  readonly header: Record<string, unknown>;
  readonly payload: Record<string, unknown>;
  readonly signature: string;
}

let system: System;
let tokens: TokensBody;
let listener: Server;
let listenerUrl: string;
let hits = 0;

beforeAll(async () => {
  system = await startSystem();
  listener = createServer((_request, response) => {
    hits += 1;
    response.end('{"keys":[]}');
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  listenerUrl = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/jwks.json`;
  tokens = await signUp(system, PHONE);
});
afterAll(async () => {
  await system.stop();
  listener.close();
});

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decoded = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;

function parts(): Parts {
  const [header, payload, signature = ''] = tokens.accessToken.split('.');
  return { header: decoded(header), payload: decoded(payload), signature };
}

async function expectRefused(token: string, code = 'token_invalid'): Promise<void> {
  const { status, body, headers } = await system.api.get<ProblemBody>(ME, { token });
  expect([status, body.code, headers.get('www-authenticate')]).toEqual([401, code, 'Bearer']);
}

/** Signed by a key of the attacker's own, as good as a signature gets. */
function forged(header: Record<string, unknown>, payload = parts().payload): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const input = `${base64(header)}.${base64(payload)}`;
  return `${input}.${sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

it('a token of ours opens the door: the tests below refuse for the right reason', async () => {
  const { status, body } = await system.api.get(ME, { token: tokens.accessToken });
  expect([status, body['phone']]).toEqual([200, '+1******0001']);
});

it('a pending challenge, a refresh token and an API key are of another kind (A13)', async () => {
  const { body } = await system.api.post<ChallengeBody>('/v1/auth/login', { identifier: PHONE, password: PASSWORD });
  const started = await system.api.post<ChallengeBody>('/v1/auth/register', {
    phone: '+14152010002',
    password: PASSWORD,
  });
  await expectRefused(body.challengeToken, 'token_type_invalid');
  await expectRefused(started.body.challengeToken, 'token_type_invalid');
  await expectRefused(tokens.refreshToken ?? '', 'token_type_invalid');
  await expectRefused(`ak_${'x'.repeat(43)}`, 'token_type_invalid');
});

it('a token elsewhere than in the Authorization header, or of another scheme, is none', async () => {
  const { accessToken } = tokens;
  const tries = [
    { path: `${ME}?access_token=${accessToken}` },
    { path: ME, headers: { cookie: `access_token=${accessToken}` } },
    { path: ME, headers: { authorization: `Basic ${Buffer.from(`x:${accessToken}`).toString('base64')}` } },
    { path: ME, headers: { authorization: accessToken } },
    { path: ME, headers: { authorization: `Bearer ${accessToken} ${accessToken}` } },
    { path: ME, headers: { authorization: '' } },
  ];
  for (const attempt of tries) expect((await send(system.api.url, { method: 'GET', ...attempt })).status).not.toBe(200);
});

describe('signatures (A27)', () => {
  it.each(['none', 'None', 'NONE', 'nOnE'])('alg %s, with and without a signature, is 401', async (alg) => {
    const { header, payload, signature } = parts();
    const input = `${base64({ ...header, alg })}.${base64(payload)}`;
    for (const token of [`${input}.`, `${input}.${signature}`, input]) await expectRefused(token);
  });

  it.each(['HS256', 'HS384', 'HS512'])(
    '%s with the public key as the secret, in any form of it, is 401',
    async (alg) => {
      const { header, payload } = parts();
      const { body } = await system.api.get<{ keys: JsonWebKey[] }>('/.well-known/jwks.json');
      const jwk = body.keys.find((key) => key['kid'] === header['kid']) ?? {};
      const key = createPublicKey({ key: jwk, format: 'jwk' });
      const pem = key.export({ format: 'pem', type: 'spki' }).toString();
      const secrets = [
        pem,
        pem.trim(),
        key.export({ format: 'der', type: 'spki' }),
        JSON.stringify(jwk),
        jwk.x ?? '',
        '',
      ];
      const input = `${base64({ ...header, alg })}.${base64(payload)}`;
      for (const secret of secrets) {
        const mac = createHmac(alg.replace('HS', 'sha'), secret).update(input).digest('base64url');
        await expectRefused(`${input}.${mac}`);
      }
    },
  );

  it.each(['RS256', 'PS256', 'ES384', 'ES256K', 'EdDSA', 'ES256 ', '', null, 7])('alg %p is 401', async (alg) => {
    const { header, payload, signature } = parts();
    await expectRefused(`${base64({ ...header, alg })}.${base64(payload)}.${signature}`);
  });

  it('a signature that is empty, zero, cut, doubled, changed in one bit or in another encoding is 401', async () => {
    const { signature } = parts();
    const input = tokens.accessToken.slice(0, tokens.accessToken.lastIndexOf('.'));
    const bytes = Buffer.from(signature, 'base64url');
    const flipped = Buffer.from(bytes);
    flipped[10] = (flipped[10] ?? 0) ^ 1;
    const signatures = [
      Buffer.alloc(0),
      Buffer.alloc(64),
      bytes.subarray(0, 63),
      Buffer.concat([bytes, bytes]),
      flipped,
      Buffer.concat([bytes.subarray(32), bytes.subarray(0, 32)]),
    ];
    for (const tried of signatures) await expectRefused(`${input}.${tried.toString('base64url')}`);
  });

  it('a payload or header that was changed under the signature is 401', async () => {
    const { header, payload, signature } = parts();
    const later = Number(payload['exp']) + 3600;
    for (const changed of [
      { exp: later },
      { sub: '00000000-0000-4000-8000-000000000000' },
      { acr: 'aal3' },
      { x: 1 },
    ]) {
      await expectRefused(`${base64(header)}.${base64({ ...payload, ...changed })}.${signature}`);
    }
    await expectRefused(`${base64({ ...header, x: 1 })}.${base64(payload)}.${signature}`);
  });

  it('what is no compact JWS is 401, never a 5xx', async () => {
    const [header = '', payload = '', signature = ''] = tokens.accessToken.split('.');
    const shapes = [
      `${tokens.accessToken}..`,
      `${tokens.accessToken}.${signature}`,
      `${header}.${payload}`,
      '..',
      'a.b.c',
      `.${payload}.${signature}`,
      `${header}..${signature}`,
      `${base64([])}.${payload}.${signature}`,
      `${base64('x')}.${payload}.${signature}`,
      `${base64(null)}.${payload}.${signature}`,
      `${header}.${base64(null)}.${signature}`,
      tokens.accessToken.replaceAll('.', '%2E'),
    ];
    for (const token of shapes) await expectRefused(token);
  });

  it('a token signed by a key of somebody else is 401, under our key id and under another', async () => {
    const { header } = parts();
    await expectRefused(forged(header));
    await expectRefused(forged({ ...header, kid: 'mine' }));
  });
});

describe('headers that name a key (A28)', () => {
  it.each([
    ['a path', '../../../../dev/null'],
    ['SQL', `' OR 1=1--`],
    ['NUL', 'a\0b'],
    ['a name of the prototype', '__proto__'],
    ['a name of every object', 'constructor'],
    ['nothing', ''],
    ['a number', 7],
    ['an object', { toString: 'x' }],
    ['a list', ['a']],
    ['null', null],
    ['4 kB', 'k'.repeat(4000)],
  ])('a key id that is %s is 401', async (_, kid) => {
    const { header } = parts();
    await expectRefused(forged({ ...header, kid }));
  });

  it('10 kB of key id are refused before they are read', async () => {
    const { header } = parts();
    const { status, body } = await system.api.get<ProblemBody>(ME, {
      token: forged({ ...header, kid: 'k'.repeat(10_000) }),
    });
    expect([status, body.code]).toEqual([413, 'payload_too_large']);
  });

  it('a key that the token brings or points to is never used, and never fetched', async () => {
    const { header, payload } = parts();
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'mine', alg: 'ES256', use: 'sig' };
    const named = [{ jwk }, { jku: listenerUrl }, { x5u: listenerUrl }, { x5c: ['AAAA'] }, { kid: listenerUrl }];
    for (const extra of named) {
      for (const kid of [header['kid'], 'mine']) {
        const input = `${base64({ ...header, kid, ...extra })}.${base64(payload)}`;
        const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
        await expectRefused(`${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`);
      }
    }
    expect(hits).toBe(0);
    expect((await fetch(listenerUrl)).status).toBe(200);
    expect(hits).toBe(1); // it would have been heard, and nothing came late
  });

  it.each([[['b64']], [['exp']], [['x-unknown']], [[]], ['exp'], [{}]])('crit %p is 401', async (crit) => {
    const { header } = parts();
    await expectRefused(forged({ ...header, crit, b64: false }));
  });

  it('made-up key ids do not become queries, nor lines about the database', async () => {
    const { header } = parts();
    await Promise.all(Array.from({ length: 50 }, (_, n) => expectRefused(forged({ ...header, kid: `made-up-${n}` }))));
    expect(system.logs()).not.toMatch(/"level":"(error|fatal)"/);
  });
});
