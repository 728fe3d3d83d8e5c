import { Logger } from '@nestjs/common';
import { ConfigError, loadConfig } from '../../config/load-config';
import { type Claims, ClaimsSource } from './claims-source';
import { CustomClaims } from './custom-claims.service';
import { TokensConfig } from './tokens.config';

Logger.overrideLogger(false);

const user = { id: 'u' };
const client = { clientId: 'shop', audience: 'https://shop.example' };
const session = { id: 's', authenticatedAt: new Date(0), amr: ['pwd'], acr: 'aal1' } as const;

const configured = (CUSTOM_CLAIMS?: string) =>
  loadConfig([TokensConfig], { NODE_ENV: 'development', CUSTOM_CLAIMS }).get(TokensConfig);

class Says extends ClaimsSource {
  readonly signals: AbortSignal[] = [];
  constructor(private readonly answer: (signal: AbortSignal) => unknown) {
    super();
  }

  override claimsFor(_user: object, _client: object, _session: object, signal: AbortSignal): Promise<Claims> {
    this.signals.push(signal);
    return this.answer(signal) as Promise<Claims>;
  }
}

const claimsWith = (answer: (signal: AbortSignal) => unknown, map = '{"tenant":"acme"}') =>
  new CustomClaims(new Says(answer), configured(map)).claimsFor(user, client, session);

describe('CUSTOM_CLAIMS', () => {
  it('is a JSON object of claims, by default none', () => {
    expect(configured().customClaims).toEqual({});
    expect(configured('{"tenant":"acme","https://a.example/x":[1,{"y":null}]}').customClaims).toEqual({
      tenant: 'acme',
      'https://a.example/x': [1, { y: null }],
    });
  });

  it.each([
    ['no JSON', '{tenant:1}', 'must be a JSON object'],
    ['a list', '[]', 'must be a JSON object'],
    ['null', 'null', 'must be a JSON object'],
    ['the subject', '{"sub":"x"}', 'must not name reserved claims: sub'],
    ['several of ours', '{"aud":1,"a":1,"client_id":2}', 'must not name reserved claims: aud, client_id'],
    ['the prototype', '{"__proto__":{"sub":"x"}}', 'must not name reserved claims: __proto__'],
    ['a name with a space', '{"a b":1}', 'must have names of 1 to 128 letters, digits or URI characters'],
    ['an empty name', '{"":1}', 'must have names of 1 to 128 letters, digits or URI characters'],
    ['too much', `{"a":"${'x'.repeat(1024)}"}`, 'must be at most 1024 bytes of JSON'],
  ])('is refused at start, by name and without its value: %s', (_case, text, reason) => {
    expect(() => configured(text)).toThrow(new ConfigError([{ key: 'CUSTOM_CLAIMS', reason }]));
  });

  it.each([
    ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'client_id', 'scope', 'sid', 'auth_time', 'amr', 'acr'],
    ...['phone_number_verified', 'phone_number', 'email', 'email_verified', 'cnf', 'act', 'azp'],
  ])('cannot name %s', (name) => {
    expect(() => configured(JSON.stringify({ [name]: 1 }))).toThrow(/reserved/);
  });
});

describe('a claims source', () => {
  it('adds to the map, and wins where both name a claim', async () => {
    expect(await claimsWith(() => Promise.resolve({ roles: ['till'], tenant: 'other' }))).toEqual({
      roles: ['till'],
      tenant: 'other',
    });
  });

  it.each<[string, () => unknown]>([
    ['throws', () => Promise.reject(new Error('down'))],
    [
      'throws at once',
      () => {
        throw new Error('down');
      },
    ],
    ['says nothing', () => Promise.resolve(undefined)],
    ['says a text', () => Promise.resolve('admin')],
    ['says a list', () => Promise.resolve([])],
    ['names what is ours', () => Promise.resolve({ sub: 'somebody else', roles: [] })],
    ['says too much', () => Promise.resolve({ a: 'x'.repeat(1020) })],
    ['says too much together with the map', () => Promise.resolve({ a: 'x'.repeat(1005) })],
    ['says what is no JSON', () => Promise.resolve({ a: 1n })],
    [
      'says what never ends',
      () => {
        const a: Record<string, unknown> = {};
        a['a'] = a;
        return Promise.resolve(a);
      },
    ],
  ])('keeps nobody out when it %s: only its claims are left out', async (_case, answer) => {
    expect(await claimsWith(answer)).toEqual({ tenant: 'acme' });
  });

  it('has 500 ms, is told when they are over, and is not waited for', async () => {
    jest.useFakeTimers();
    try {
      const source = new Says(() => new Promise(() => undefined));
      const claims = new CustomClaims(source, configured('{"tenant":"acme"}')).claimsFor(user, client, session);
      expect(source.signals[0]?.aborted).toBe(false);
      jest.advanceTimersByTime(500);
      expect(source.signals[0]?.aborted).toBe(true);
      expect(await claims).toEqual({ tenant: 'acme' });
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});
