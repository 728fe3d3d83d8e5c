// @latchkey/verifier against an issuer of the test's making: how often it asks it, and what it makes of its answers and failures.
import type { VerifierOptions } from '../../packages/verifier/src/index';
import { FakeIssuer, METADATA, signed, signingKey, verdict, verifierOf } from './support/fake-issuer';

let issuer: FakeIssuer;

beforeEach(async () => {
  issuer = await new FakeIssuer().start();
});
afterEach(() => {
  jest.restoreAllMocks();
  return issuer.stop();
});

const verifier = (options: Partial<VerifierOptions> = {}) => verifierOf(issuer, options);

/** Nothing of this process runs meanwhile, as when it is stopped or has to work. */
function standStill(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

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

  it('is not called away when it was this process that stood still, for longer than the time-out', async () => {
    let stood = false;
    const fetchAndStandStill: typeof fetch = (input, init) => {
      const answer = fetch(input, init);
      if (!stood) setImmediate(() => standStill(1500));
      stood = true;
      return answer;
    };
    const judge = verifier({ timeoutMs: 1000, fetch: fetchAndStandStill });
    expect(await verdict(judge, issuer.token())).toBe('accepted');
    expect(issuer.asked).toEqual([METADATA, '/keys']);
  });

  it('is asked in time when our clock is set back: no pause after a failure and no key lasts longer for it', async () => {
    let passed = 0;
    const begin = Math.ceil(performance.now()); // whole milliseconds: sums of fractions fall short of the bounds below
    jest.spyOn(performance, 'now').mockImplementation(() => begin + passed);
    const passes = (seconds: number, setBack: number) => {
      passed += seconds * 1000;
      issuer.now += (seconds - setBack) * 1000;
    };
    const judge = verifier();
    issuer.instead = (_request, response) => response.writeHead(503).end();
    expect(await verdict(judge, issuer.token())).toBe('issuer_unavailable');
    issuer.instead = undefined;
    passes(2, 3600);
    expect(await verdict(judge, issuer.token())).toBe('accepted');
    const ofWithdrawn = issuer.token();
    issuer.keys = [signingKey('second')];
    passes(599, 590);
    expect(await verdict(judge, ofWithdrawn)).toBe('accepted');
    passes(1, 0);
    expect(await verdict(judge, ofWithdrawn)).toBe('token_invalid');
    expect(await verdict(judge, issuer.token())).toBe('accepted');
    issuer.instead = (_request, response) => response.writeHead(503).end();
    passes(3599, 3598);
    expect(await verdict(judge, issuer.token())).toBe('accepted');
    passes(1, 0);
    expect(await verdict(judge, issuer.token())).toBe('issuer_unavailable');
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
