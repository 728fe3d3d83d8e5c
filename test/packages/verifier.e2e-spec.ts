// @latchkey/verifier against an issuer of the test's making: which tokens it accepts, which it refuses, and which options.
import { createHmac } from 'node:crypto';
import type { LatchkeyVerifier, VerifierOptions } from '../../packages/verifier/src/index';
import { FakeIssuer, signed, signingKey, verdict, verifierOf } from './support/fake-issuer';

let issuer: FakeIssuer;

beforeEach(async () => {
  issuer = await new FakeIssuer().start();
});
afterEach(() => issuer.stop());

const verifier = (options: Partial<VerifierOptions> = {}) => verifierOf(issuer, options);

describe('a token', () => {
  it('is accepted as Latchkey makes it, and its claims are returned as they are', async () => {
    expect(await verifier().verify(issuer.token({ plan: 'gold' }))).toEqual(issuer.claims({ plan: 'gold' }));
  });

  it('is accepted for one of several audiences and clients of ours', async () => {
    const judge = verifier({
      audience: ['https://other.example', 'https://api.example'],
      clientId: ['x', 'first-party'],
    });
    expect(await verdict(judge, issuer.token())).toBe('accepted');
    expect(await verdict(judge, issuer.token({ client_id: 'stranger' }))).toBe('token_invalid');
  });

  it('is accepted as a client app gets it, which names the app and Latchkey; not by who is Latchkey, or named second', async () => {
    const token = issuer.token({ aud: ['https://api.example', issuer.url], client_id: 'shop-web' });
    expect((await verifier().verify(token)).aud).toEqual(['https://api.example', issuer.url]);
    expect(await verdict(verifier({ audience: issuer.url }), token)).toBe('token_invalid');
    expect(await verdict(verifier({ clientId: 'shop-web' }), token)).toBe('accepted');
  });

  it.each<[string, Record<string, unknown>]>([
    ['no iss', { iss: undefined }],
    ['another iss', { iss: 'https://evil.example' }],
    ['no aud', { aud: undefined }],
    ['another aud', { aud: 'https://evil.example' }],
    ['aud of ours behind another', { aud: ['https://evil.example', 'https://api.example'] }],
    ['aud of ours among many', { aud: ['https://api.example', 'https://id.example', 'https://evil.example'] }],
    ['aud of ours and nobody', { aud: ['https://api.example', ''] }],
    ['aud of ours in a list alone', { aud: ['https://api.example'] }],
    ['aud an empty list', { aud: [] }],
    ['aud an object', { aud: { 0: 'https://api.example' } }],
    ['no sub', { sub: undefined }],
    ['empty sub', { sub: '' }],
    ['sub an object', { sub: { $ne: '' } }],
    ['no client_id', { client_id: undefined }],
    ['no jti', { jti: undefined }],
    ['no exp', { exp: undefined }],
    ['exp as text', { exp: '99999999999' }],
    ['exp no integer', { exp: 1e300 }],
    ['no iat', { iat: undefined }],
    ['auth_time as text', { auth_time: 'now' }],
    ['amr not a list', { amr: 'pwd' }],
    ['acr a number', { acr: 2 }],
    ['sid a list', { sid: ['x'] }],
  ])('is refused with %s, although the signature is right', async (_case, change) => {
    expect(await verdict(verifier(), issuer.token(change))).toBe('token_invalid');
  });

  it.each<[string, (now: number) => Record<string, unknown>, string]>([
    ['expired for 29 s is accepted', (now) => ({ iat: now - 600, exp: now - 29 }), 'accepted'],
    ['expired for 30 s', (now) => ({ iat: now - 600, exp: now - 30 }), 'token_expired'],
    ['issued 30 s ahead is accepted', (now) => ({ iat: now + 30 }), 'accepted'],
    ['issued 31 s ahead', (now) => ({ iat: now + 31 }), 'token_invalid'],
    ['valid from 30 s ahead is accepted', (now) => ({ nbf: now + 30 }), 'accepted'],
    ['valid from 31 s ahead', (now) => ({ nbf: now + 31 }), 'token_invalid'],
    ['signed in 31 s ahead', (now) => ({ auth_time: now + 31 }), 'token_invalid'],
    ['ending before it begins', (now) => ({ iat: now + 20, exp: now + 10 }), 'token_invalid'],
  ])('has 30 s of leeway: %s', async (_case, change, expected) => {
    expect(await verdict(verifier(), issuer.token(change(issuer.now / 1000)))).toBe(expected);
  });

  it.each<[string, Record<string, unknown>]>([
    ['typ JWT', { typ: 'JWT' }],
    ['typ of an ID token', { typ: 'id+jwt' }],
    ['typ in capitals', { typ: 'AT+JWT' }],
    ['no typ', { typ: undefined }],
    ['alg none', { alg: 'none' }],
    ['alg RS256', { alg: 'RS256' }],
    ['alg ES384', { alg: 'ES384' }],
    ['no kid', { kid: undefined }],
    ['kid a list', { kid: ['first'] }],
    ['kid a path', { kid: '../first' }],
    ['kid of a prototype', { kid: '__proto__' }],
    ['crit', { crit: ['exp'] }],
    ['b64', { b64: false, crit: ['b64'] }],
  ])('is refused with %s in its header', async (_case, header) => {
    expect(await verdict(verifier(), issuer.token({}, header))).toBe('token_invalid');
  });

  it('never brings its own key or says where one is', async () => {
    const evil = await new FakeIssuer().start();
    const stranger = signingKey('first');
    for (const member of [{ jwk: stranger.jwk }, { jku: `${evil.url}/keys` }, { x5u: evil.url }, { iss: evil.url }]) {
      const header = { alg: 'ES256', typ: 'at+jwt', kid: 'first', ...member };
      expect(await verdict(verifier(), signed(header, issuer.claims(), stranger))).toBe('token_invalid');
    }
    expect(evil.asked).toEqual([]);
    await evil.stop();
  });

  it('is refused when it is signed by the public key as a secret, changed, cut or no token at all', async () => {
    const good = issuer.token();
    const [header = '', payload = '', signature = ''] = good.split('.');
    const hs256 = `${Buffer.from('{"alg":"HS256","typ":"at+jwt","kid":"first"}').toString('base64url')}.${payload}`;
    const mac = createHmac('sha256', JSON.stringify(issuer.key.jwk)).update(hs256).digest('base64url');
    const other = Buffer.from(JSON.stringify(issuer.claims({ sub: 'someone else' }))).toString('base64url');
    const bad = [
      `${hs256}.${mac}`,
      `${header}.${other}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}.${signature.slice(0, -4)}`,
      `${header}.${payload}.${'A'.repeat(86)}`,
      `${header}.${payload}`,
      `${good}.x`,
      `${good}\n`,
      `e30.${payload}.${signature}`,
      `${'x'.repeat(9000)}.y.z`,
      'rf_k1_opaque',
      '',
    ];
    for (const token of bad) expect([token, await verdict(verifier(), token)]).toEqual([token, 'token_invalid']);
  });

  // ASVS 10.3.4
  it('has to be as fresh and as strong as the route asks', async () => {
    const judge = verifier();
    const now = issuer.now / 1000;
    const code = async (claims: Record<string, unknown>, wish: Parameters<LatchkeyVerifier['verify']>[1]) =>
      judge.verify(issuer.token(claims), wish).then(
        () => 'accepted',
        (error: { code: string }) => error.code,
      );
    expect(await code({ auth_time: now - 600 }, { maxAuthAgeSeconds: 600 })).toBe('accepted');
    expect(await code({ auth_time: now - 601 }, { maxAuthAgeSeconds: 600 })).toBe('authentication_insufficient');
    expect(await code({ auth_time: undefined }, { maxAuthAgeSeconds: 600 })).toBe('authentication_insufficient');
    expect(await code({ acr: 'aal2' }, { requireAcr: 'aal2' })).toBe('accepted');
    expect(await code({ acr: 'aal1' }, { requireAcr: ['aal2', 'aal3'] })).toBe('authentication_insufficient');
    expect(await code({ acr: undefined }, { requireAcr: 'aal2' })).toBe('authentication_insufficient');
    await expect(judge.verify(issuer.token(), { maxAuthAgeSeconds: Number.NaN })).rejects.toThrow(TypeError);
  });
});

describe('options', () => {
  it.each<[string, Partial<VerifierOptions>]>([
    ['issuer', { issuer: '' }],
    ['issuer', { issuer: 'accounts' }],
    ['issuer', { issuer: 'ftp://x' }],
    ['audience', { audience: '' }],
    ['audience', { audience: [] }],
    ['audience', { audience: undefined as unknown as string }],
    ['clientId', { clientId: [''] }],
    ['jwksUri', { jwksUri: 'keys' }],
    ['cacheSeconds', { cacheSeconds: 0 }],
    ['staleSeconds', { staleSeconds: 599 }],
    ['cooldownSeconds', { cooldownSeconds: Number.NaN }],
    ['timeoutMs', { timeoutMs: 0 }],
  ])('a wrong %s ends the start, not a request', (name, options) => {
    expect(() => verifier(options)).toThrow(TypeError);
    expect(() => verifier(options)).toThrow(name);
  });
});
