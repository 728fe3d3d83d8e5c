// @latchkey/verifier against an issuer of the test's making: what it accepts, what it refuses, and how it treats the issuer.
import { createHmac } from 'node:crypto';
import { LatchkeyVerifier, type LatchkeyVerifyError, type VerifierOptions } from '../../packages/verifier/src/index';
import { FakeIssuer, METADATA, signed, signingKey } from './support/fake-issuer';

let issuer: FakeIssuer;

beforeEach(async () => {
  issuer = await new FakeIssuer().start();
});
afterEach(() => issuer.stop());

function verifier(options: Partial<VerifierOptions> = {}): LatchkeyVerifier {
  return new LatchkeyVerifier({
    issuer: issuer.url,
    audience: 'https://api.example',
    now: () => issuer.now,
    ...options,
  });
}

const verdict = (judge: LatchkeyVerifier, token: string): Promise<string> =>
  judge.verify(token).then(
    () => 'accepted',
    (error: LatchkeyVerifyError) => error.code,
  );

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

describe('the issuer', () => {
  it('is asked once for metadata and keys, however many requests come at once, and again when they are 10 min old', async () => {
    const judge = verifier();
    await Promise.all(Array.from({ length: 50 }, () => judge.verify(issuer.token())));
    expect(issuer.asked).toEqual([METADATA, '/keys']);
    issuer.now += 599_000;
    await judge.verify(issuer.token());
    expect(issuer.asked).toHaveLength(2);
    issuer.now += 1_000;
    await judge.verify(issuer.token());
    expect(issuer.asked).toHaveLength(4);
  });

  it('may rotate: a new key is found with its first token, and what is withdrawn by then is refused', async () => {
    const judge = verifier();
    const old = issuer.token({ exp: issuer.now / 1000 + 5000 });
    expect(await verdict(judge, old)).toBe('accepted');
    issuer.keys = [signingKey('second')];
    issuer.now += 10_000;
    expect(await verdict(judge, issuer.token())).toBe('accepted');
    expect(await verdict(judge, old)).toBe('token_invalid');
  });

  it('is asked once in 10 s about key ids that nobody knows', async () => {
    const judge = verifier();
    await judge.verify(issuer.token());
    const made = (at: number) => verdict(judge, issuer.token({}, { kid: `made-up-${at}` }));
    for (let at = 0; at < 50; at += 1) expect(await made(at)).toBe('token_invalid');
    expect(issuer.asked).toHaveLength(2);
    issuer.now += 10_000;
    for (let at = 0; at < 50; at += 1) expect(await made(at)).toBe('token_invalid');
    expect(issuer.asked).toHaveLength(4);
  });

  it('may be away: known keys are used on for an hour, nobody waits, and it is asked every 2 s at most', async () => {
    const judge = verifier();
    const token = () => issuer.token();
    await judge.verify(token());
    issuer.instead = (_request, response) => response.writeHead(503).end();
    issuer.now += 600_000;
    for (let at = 0; at < 20; at += 1) expect(await verdict(judge, token())).toBe('accepted');
    expect(issuer.asked).toHaveLength(3);
    expect(await verdict(judge, issuer.token({}, { kid: 'other' }))).toBe('issuer_unavailable');
    issuer.now += 3_000_000;
    expect(await verdict(judge, token())).toBe('issuer_unavailable');
    issuer.instead = undefined;
    issuer.now += 2_000;
    expect(await verdict(judge, token())).toBe('accepted');
  });

  it('that hangs keeps nobody waiting who names a known key, once that has been noticed', async () => {
    const judge = verifier({ timeoutMs: 150 });
    await judge.verify(issuer.token());
    issuer.instead = () => undefined;
    issuer.now += 600_000;
    expect(await verdict(judge, issuer.token())).toBe('accepted');
    issuer.now += 2_000;
    const order: string[] = [];
    const unknown = verdict(judge, issuer.token({}, { kid: 'other' })).then((code) => order.push(code));
    await verdict(judge, issuer.token()).then((code) => order.push(code));
    await unknown;
    expect(order).toEqual(['accepted', 'issuer_unavailable']);
  });

  it.each<[string, NonNullable<FakeIssuer['instead']>]>([
    ['is not JSON', (_request, response) => response.end('<html>')],
    ['is null', (_request, response) => response.end('null')],
    ['is a list', (_request, response) => response.end('[]')],
    ['is huge', (_request, response) => response.end(JSON.stringify({ issuer: 'x'.repeat(70_000) }))],
    ['never ends', (_request, response) => void response.write('{')],
    ['never begins', () => undefined],
    ['breaks off', (_request, response) => void response.write('{', () => response.destroy())],
  ])('whose answer %s is unavailable, and that says nothing about the token', async (_case, instead) => {
    issuer.instead = instead;
    expect(await verdict(verifier({ timeoutMs: 200 }), issuer.token())).toBe('issuer_unavailable');
  });

  it.each<[string, Record<string, unknown>]>([
    ['names another issuer', { issuer: 'https://evil.example' }],
    ['names itself with a slash more', { issuer: 'http://127.0.0.1/' }],
    ['has no jwks_uri', { jwks_uri: undefined }],
    ['has a jwks_uri that is no address', { jwks_uri: 'keys' }],
    ['has a jwks_uri of another kind', { jwks_uri: 'file:///etc/passwd' }],
  ])('whose metadata %s is unavailable', async (_case, metadata) => {
    issuer.metadata = metadata;
    expect(await verdict(verifier(), issuer.token())).toBe('issuer_unavailable');
  });

  it('that sends us elsewhere is not followed, although there all would be as it has to be', async () => {
    const evil = await new FakeIssuer().start();
    evil.keys = issuer.keys;
    evil.metadata = { issuer: issuer.url, jwks_uri: `${evil.url}/keys` };
    issuer.instead = ({ url }, response) => response.writeHead(302, { location: `${evil.url}${String(url)}` }).end();
    const judges = [verifier(), verifier({ jwksUri: `${issuer.url}/keys` })];
    const verdicts = await Promise.all(judges.map((judge) => verdict(judge, issuer.token())));
    await evil.stop();
    expect([verdicts, evil.asked]).toEqual([['issuer_unavailable', 'issuer_unavailable'], []]);
  });

  it('on https never sends us to http', async () => {
    const asked: string[] = [];
    const answer = { issuer: 'https://id.example', jwks_uri: 'http://id.example/keys' };
    const fake = (url: URL): Promise<Response> => {
      asked.push(url.href);
      return Promise.resolve(Response.json(answer));
    };
    const judge = verifier({ issuer: 'https://id.example', fetch: fake as typeof fetch });
    expect(await verdict(judge, issuer.token())).toBe('issuer_unavailable');
    expect(asked).toEqual([`https://id.example${METADATA}`]);
  });

  it('with a path has its metadata between host and path (RFC 8414 section 3.1)', async () => {
    const name = `${issuer.url}/tenants/a/`;
    issuer.metadata = { issuer: name };
    expect(await verdict(verifier({ issuer: name }), issuer.token({ iss: name }))).toBe('accepted');
    expect(issuer.asked[0]).toBe(`${METADATA}/tenants/a`);
  });

  it('that is a name has its keys where the application says', async () => {
    const judge = verifier({ issuer: 'accounts', jwksUri: `${issuer.url}/keys` });
    expect(await verdict(judge, issuer.token({ iss: 'accounts' }))).toBe('accepted');
    expect(await verdict(judge, issuer.token())).toBe('token_invalid');
    expect(issuer.asked).toEqual(['/keys']);
  });

  it('may publish other keys as well; they verify nothing, and without one of ours it is unavailable', async () => {
    const { key } = issuer;
    const other = signingKey('enc');
    issuer.keys = [{ ...other, jwk: { ...other.jwk, use: 'enc' } }, { ...key, jwk: { kty: 'RSA', kid: 'rsa' } }, key];
    expect(await verdict(verifier(), signed({ alg: 'ES256', typ: 'at+jwt', kid: 'enc' }, issuer.claims(), other))).toBe(
      'token_invalid',
    );
    expect(await verdict(verifier(), signed({ alg: 'ES256', typ: 'at+jwt', kid: 'first' }, issuer.claims(), key))).toBe(
      'accepted',
    );
    issuer.keys = [{ ...key, jwk: { ...key.jwk, x: 'AAAA' } }];
    expect(await verdict(verifier(), issuer.token())).toBe('issuer_unavailable');
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
