// The main job, through one vendor of the registry: register, prove the phone, log in, prove it again, use the token, have it
// checked by a library that knows nothing of us. Every definition runs it, whoever adds it.
import type { Channel, Provider } from '../../src/sms/contract/provider';
import { providerDefinitions } from '../../src/sms/providers';
import type { JsonObject, TokensBody } from './api-client';
import { claimsOf } from './credentials';
import { aNumber, aString, like } from './expected';
import { verifyIndependently } from './independent-jwt';
import { startSystem, type System } from './instance';
import { PASSWORD, Person } from './person';

/** What a person is shown and sent: by senders our text, elsewhere on every channel of the vendor. */
const expectations: Readonly<
  Record<Provider['kind'], { channels: Channel[]; codeLength: number | null; code: RegExp }>
> = {
  sender: { channels: ['sms'], codeLength: 6, code: /^\d{6}$/ },
  'code-sender': { channels: ['sms', 'voice'], codeLength: 6, code: /^\d{6}$/ },
  service: { channels: ['sms', 'voice'], codeLength: null, code: /^\d{4,10}$/ },
};

/** A suite for every definition of these kinds. @throws Error when the registry has none: a suite that tests nothing */
export function describeMainJob(...kinds: Provider['kind'][]): void {
  const chosen = providerDefinitions.filter(({ kind }) => kinds.includes(kind));
  if (chosen.length === 0) throw new Error(`no definition is a ${kinds.join(' or ')}`);
  describe.each(chosen.map(({ name, kind }) => ({ provider: name, ...expectations[kind] })))(
    'the main job through $provider',
    mainJob,
  );
}

interface Case {
  readonly provider: string;
  readonly channels: Channel[];
  readonly codeLength: number | null;
  readonly code: RegExp;
}

function mainJob({ provider, channels, codeLength, code: codeShape }: Case): void {
  const uuid = /^[0-9a-f-]{36}$/;
  let system: System;
  let person: Person;
  let tokens: TokensBody;

  beforeAll(async () => {
    system = await startSystem({ provider });
    person = new Person(system, '+14152000001');
  });

  afterAll(() => system.stop());

  it('registers: 202 with a challenge that shows no number, and nothing exists before the code', async () => {
    const before = Date.now();
    const answer = await person.register({ email: ' Ann@Example.com ', displayName: 'Ann' });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      challengeToken: like(/^rg6_[A-Za-z0-9]+_[A-Za-z0-9_-]{43}$/),
      purpose: 'register',
      channel: 'sms',
      destination: '+1******0001',
      methods: ['sms'],
      channels,
      codeLength,
      expiresAt: aString,
      resendAfter: 30,
      attemptsLeft: 5,
    });
    const life = Date.parse(answer.body.expiresAt) - before;
    expect(life).toBeGreaterThanOrEqual(300_000);
    expect(life).toBeLessThan(305_000);
    expect((await system.database.query('SELECT count(*)::int AS n FROM users')).rows).toEqual([{ n: 0 }]);
    expect((await person.login()).status).toBe(401);

    const code = await person.codeOf(answer.body.challengeToken);
    expect(code).toMatch(codeShape);
    const [message] = await system.phone.messages(person.phone);
    expect(message).toMatchObject({ to: person.phone, channel: 'sms', provider });
    const verified = await person.verify(answer.body.challengeToken, code);
    expect(verified.status).toBe(200);
    expect(verified.headers.get('cache-control')).toContain('no-store');
    expect(verified.body).toEqual({
      tokenType: 'Bearer',
      accessToken: like(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      expiresIn: 600,
      refreshToken: aString,
      refreshExpiresIn: aNumber,
      user: {
        id: like(uuid),
        phone: '+1******0001',
        email: 'ann@example.com',
        emailVerified: false,
        displayName: 'Ann',
        locale: null,
        createdAt: aString,
        secondFactors: ['sms'],
      },
    });
    tokens = verified.body;
  });

  it('shows the person their record for the token, and nobody without one', async () => {
    const me = await system.api.get('/v1/users/me', { token: tokens.accessToken });
    expect([me.status, me.body]).toEqual([200, tokens.user]);
    const anonymous = await system.api.get('/v1/users/me');
    expect([anonymous.status, anonymous.body['code']]).toEqual([401, 'token_invalid']);
    expect(anonymous.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('logs in: a right password ends in a pending challenge, the code in a session of its own', async () => {
    const wrong = await person.login({ password: `${PASSWORD}!` });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'credentials_invalid']);
    const after = await system.phone.newest(person.phone);
    const pending = await person.login({ identifier: '+1 (415) 200-0001' });
    expect(pending.status).toBe(200);
    expect(pending.body).toMatchObject({ purpose: 'login', destination: '+1******0001', channels, codeLength });
    expect(pending.body).not.toHaveProperty('accessToken');
    const { challengeToken } = pending.body;
    const { status, body } = await person.verify(challengeToken, await person.codeOf(challengeToken, after));
    expect(status).toBe(200);
    expect(body.user).toEqual(tokens.user);
    const [first, second] = [claimsOf(tokens), claimsOf(body)];
    expect(second['sub']).toBe(first['sub']);
    expect(second['sid']).not.toBe(first['sid']);
    expect((await system.api.get('/v1/users/me', { token: body.accessToken })).status).toBe(200);
  });

  it('issues tokens that an independent library verifies against our JWKS', async () => {
    const jwks = `${system.api.url}/.well-known/jwks.json`;
    const rules = { issuer: system.api.url, audience: system.api.url, typ: 'at+jwt', algorithms: ['ES256'] };
    const { payload, protectedHeader } = await verifyIndependently(jwks, tokens.accessToken, rules);
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: aString });
    expect(payload).toEqual({
      iss: system.api.url,
      aud: system.api.url,
      sub: tokens.user['id'],
      client_id: 'first-party',
      sid: like(uuid),
      jti: like(uuid),
      iat: aNumber,
      exp: Number(payload?.['iat']) + 600,
      auth_time: aNumber,
      amr: ['pwd', 'sms', 'mfa'],
      acr: 'aal2',
      phone_number_verified: true,
    });

    const [header, , signature] = tokens.accessToken.split('.');
    const claims = Buffer.from(JSON.stringify({ ...payload, sub: 'someone-else' })).toString('base64url');
    const forged = await verifyIndependently(jwks, `${header}.${claims}.${signature}`, rules);
    expect(forged.refused).toBe('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
    const elsewhere = await verifyIndependently(jwks, tokens.accessToken, { ...rules, audience: 'https://other.test' });
    expect(elsewhere.refused).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED');
  });

  it('publishes only public keys', async () => {
    const { body } = await system.api.get<{ keys: JsonObject[] }>('/.well-known/jwks.json');
    expect(body.keys.length).toBeGreaterThan(0);
    for (const key of body.keys) {
      expect(key).toMatchObject({ kty: 'EC', crv: 'P-256', use: 'sig', alg: 'ES256', kid: aString });
      expect(key).not.toHaveProperty('d');
    }
  });
}
