// RFC 8414: our issuer is enough to check our access tokens, with libraries of others.
import type { TokensBody } from '../../support/api-client';
import { signUp } from '../../support/accounts';
import { libraryNames, verifyByIssuer } from '../../support/discovering-jwt';
import { startSystem, type System } from '../../support/instance';

const METADATA = '/.well-known/oauth-authorization-server';

describe('the metadata of the issuer', () => {
  let system: System;
  let person: TokensBody;
  beforeAll(async () => {
    system = await startSystem({ env: { CUSTOM_CLAIMS: '{"tenant":"acme"}' } });
    person = await signUp(system, '+14152000001');
  });
  afterAll(() => system.stop());

  it('says what is true of us, may be cached, and is open to anybody', async () => {
    const { status, headers, body } = await system.api.get(METADATA);
    expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=300']);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(body).toMatchObject({
      issuer: system.api.url,
      jwks_uri: `${system.api.url}/.well-known/jwks.json`,
      introspection_endpoint: `${system.api.url}/v1/oauth/introspect`,
      introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
      revocation_endpoint: `${system.api.url}/v1/oauth/revoke`,
      revocation_endpoint_auth_methods_supported: ['client_secret_basic'],
      response_types_supported: [],
      grant_types_supported: [],
    });
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['authorization_endpoint']));
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['token_endpoint']));
  });

  // ASVS 10.3.1, 10.3.2
  it.each(libraryNames)('lets %s check a token, told the issuer alone', async (library) => {
    const { claims } = await verifyByIssuer(library, system.api.url, person.accessToken);
    const { id } = person.user;
    expect(claims).toMatchObject({ iss: system.api.url, sub: id, client_id: 'first-party', tenant: 'acme' });
  });

  it.each(libraryNames)('%s refuses a token of which one claim was changed (A27)', async (library) => {
    const [header, claims = '', signature] = person.accessToken.split('.');
    const changed = { ...(JSON.parse(Buffer.from(claims, 'base64url').toString()) as object), sub: 'somebody-else' };
    const forged = [header, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.');
    expect(await verifyByIssuer(library, system.api.url, forged)).toEqual({
      refused: expect.stringMatching(/signature/i) as string,
    });
  });

  it('is found at a path made of that of the issuer, when the issuer has one (RFC 8414 section 3.1)', async () => {
    const { origin } = new URL(system.api.url);
    await system.restart(0, { PORT: new URL(origin).port, JWT_ISSUER: `${origin}/tenant/one` });
    const there = await system.api.get(`${METADATA}/tenant/one`);
    expect(there.body).toMatchObject({ issuer: `${origin}/tenant/one`, jwks_uri: `${origin}/.well-known/jwks.json` });
    expect((await system.api.get(`${METADATA}/tenant/two`)).status).toBe(404);
    const token = (await signUp(system, '+14152000002')).accessToken;
    for (const library of libraryNames) {
      const { claims, refused } = await verifyByIssuer(library, `${origin}/tenant/one`, token);
      expect([library, refused, claims?.['iss']]).toEqual([library, undefined, `${origin}/tenant/one`]);
    }
  });

  it('does not exist for an issuer that is no URL', async () => {
    await system.restart(0, { JWT_ISSUER: 'latchkey' });
    expect((await system.api.get(METADATA)).status).toBe(404);
  });
});
