import { type Claims, ClaimsSource } from './claims-source';
import { forger, part, sessionId, tokenScene, userId } from '../../../test/support/token-scene';

it('issues RFC 9068 claims for the lifetime configured, and reads them back', async () => {
  const { issue, tokens, clock, keys } = tokenScene();
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
  const { issue, tokens } = tokenScene(undefined, undefined, { CUSTOM_CLAIMS: '{"tenant":"acme"}' }, new Roles());
  const token = await issue('shop');
  const added = { tenant: 'acme', roles: [userId, 'shop', sessionId] };
  expect(part(token, 1)).toMatchObject({ ...added, sub: userId, client_id: 'shop', phone_number_verified: true });
  expect(await tokens.claimsOf(token)).toMatchObject(added);
});

it('a token of a client app names its audience and ours, and lives as long as that client app says', async () => {
  const { issue, tokens, clock } = tokenScene();
  const token = await issue('shop');
  const claims = part(token, 1);
  expect(claims).toMatchObject({ client_id: 'shop', aud: ['https://shop.example', 'http://127.0.0.1:3000'] });
  expect(claims['exp']).toBe(clock.at / 1000 + 3600);
  expect(await tokens.verify(token)).toMatchObject({ clientId: 'shop', sessionId });
  const plain = part(await issue('plain'), 1);
  expect([plain['aud'], plain['exp']]).toEqual(['http://127.0.0.1:3000', clock.at / 1000 + 600]);
});

it('no token is made for a client app that is unknown or disabled', async () => {
  await expect(tokenScene().issue('gone')).rejects.toMatchObject({ definition: { code: 'token_invalid' } });
});

it('JWT_ISSUER and JWT_AUDIENCE go before the public address', async () => {
  const { issue, tokens } = tokenScene(undefined, undefined, { JWT_ISSUER: 'https://id.example', JWT_AUDIENCE: 'api' });
  const token = await issue();
  expect(part(token, 1)).toMatchObject({ iss: 'https://id.example', aud: 'api' });
  expect(await tokens.verify(token)).toBeDefined();
  expect(await tokenScene().tokens.verify(token)).toBeUndefined();
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

  it.each([['JWT'], ['jwt'], ['rt+jwt'], [undefined]])('header typ %s', async (typ) => {
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
