// Introspection (RFC 7662) and revocation (RFC 7009) for client apps.
import type { JsonObject, ProblemBody, TokensBody } from '../support/api-client';
import { claimsOf } from '../support/credentials';
import { startSystem, type System } from '../support/instance';
import { basic, type ClientApp, makeClientApp, postForm } from '../support/oauth';
import { Person, phoneNumbers } from '../support/person';

const INTROSPECT = '/v1/oauth/introspect';
const REVOKE = '/v1/oauth/revoke';
const nextPhone = phoneNumbers();

describe('introspection and revocation', () => {
  let system: System;
  let api: ClientApp;
  let shop: ClientApp;
  beforeAll(async () => {
    system = await startSystem({
      env: {
        LIMIT_UNAUTHENTICATED: 'off',
        LIMIT_CLIENT_ADDRESS: '30/5m',
        CUSTOM_CLAIMS: '{"tenant":"acme","active":false,"token_type":"x"}',
      },
    });
    api = await makeClientApp(system, { clientId: 'shop-api', scopes: ['introspect'] });
    shop = await makeClientApp(system, {
      clientId: 'shop-web',
      audience: 'https://api.shop.example',
      scopes: ['introspect', 'revoke'],
    });
  });
  afterAll(() => system.stop());

  const signIn = (clientId?: string): Promise<TokensBody> =>
    new Person(system, nextPhone()).joined(clientId === undefined ? {} : { clientId });
  const introspect = async (token: string, caller: ClientApp = api): Promise<JsonObject> => {
    const { status, body } = await postForm(system.api, INTROSPECT, { token }, { authorization: basic(caller) });
    expect(status).toBe(200);
    return body;
  };
  const revoke = (token: string, caller: ClientApp = shop) =>
    postForm<ProblemBody & JsonObject>(system.api, REVOKE, { token }, { authorization: basic(caller) });
  const refresh = (refreshToken = '') =>
    system.api.post<TokensBody & ProblemBody>('/v1/auth/token/refresh', { refreshToken });

  it('tells what a living access token says, of whichever client app, and uses nothing up', async () => {
    const tokens = await signIn('shop-web');
    const claims = claimsOf(tokens);
    const told = await introspect(tokens.accessToken);
    expect(told).toEqual({ ...claims, active: true, token_type: 'Bearer' });
    expect(told).toMatchObject({ acr: 'aal2', phone_number_verified: true, tenant: 'acme' });
    expect([told['client_id'], told['aud']]).toEqual(['shop-web', ['https://api.shop.example', system.api.url]]);
    expect(await introspect(tokens.accessToken)).toEqual(told);
    expect((await introspect((await signIn()).accessToken))['client_id']).toBe('first-party');
  });

  it('tells a client app of its own newest refresh token, and nobody else of any; asking neither renews nor ends it', async () => {
    const { refreshToken = '', user } = await signIn('shop-web');
    const told = await introspect(refreshToken, shop);
    expect(told).toMatchObject({ active: true, client_id: 'shop-web', sub: user['id'], acr: 'aal2' });
    expect(told['token_type']).toBeUndefined();
    expect(Number(told['exp']) - Number(told['iat'])).toBe(7 * 86_400); // unused, it ends before its time is up
    expect(await introspect(refreshToken, api)).toEqual({ active: false });
    const renewed = await refresh(refreshToken);
    expect(renewed.status).toBe(200);
    expect(await introspect(refreshToken, shop)).toEqual({ active: false });
    expect(await introspect(renewed.body.refreshToken ?? '', shop)).toMatchObject({ active: true });
    system.clock.advance(3600);
    expect(await introspect(refreshToken, shop)).toEqual({ active: false });
    const newest = (await refresh(renewed.body.refreshToken)).body.refreshToken ?? '';
    system.clock.advance(7 * 86_400 - 60);
    expect(await introspect(newest, shop)).toMatchObject({ active: true });
    system.clock.advance(60);
    expect(await introspect(newest, shop)).toEqual({ active: false });
  });

  it('says no more than that of what has ended, been forged or is of another kind (A94)', async () => {
    const person = new Person(system, nextPhone());
    const { accessToken, refreshToken = '' } = await person.joined({ clientId: 'shop-web' });
    const challenge = (await person.login()).body.challengeToken;
    const [header, payload, signature = ''] = accessToken.split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
    const dead = [
      challenge,
      api.secret,
      'nothing',
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      `${none}.${payload}.`,
      refreshToken.slice(0, -1),
      `${refreshToken}x`,
    ];
    for (const token of dead) expect([token, await introspect(token, shop)]).toEqual([token, { active: false }]);
    await system.api.post('/v1/auth/logout', { refreshToken });
    expect([await introspect(accessToken), await introspect(refreshToken, shop)]).toEqual([
      { active: false },
      { active: false },
    ]);
  });

  it('knows at once that a token has expired, its account was disabled or all its sessions were ended (A38, A39)', async () => {
    const [old, disabled, everywhere] = [await signIn(), await signIn(), await signIn()];
    for (const { accessToken } of [disabled, everywhere])
      expect(await introspect(accessToken)).toMatchObject({ active: true });
    await system.database.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [disabled.user['id']]);
    await system.api.post('/v1/auth/logout-all', undefined, { token: everywhere.accessToken });
    for (const { accessToken } of [disabled, everywhere])
      expect(await introspect(accessToken)).toEqual({ active: false });
    system.clock.advance(Number(claimsOf(old)['exp']) - Number(claimsOf(old)['iat']) - 60);
    expect(await introspect(old.accessToken)).toMatchObject({ active: true });
    system.clock.advance(61);
    expect(await introspect(old.accessToken)).toEqual({ active: false });
  });

  it('revokes: any token of a client app ends its session, also an old one, and a repeat is fine', async () => {
    for (const kind of ['accessToken', 'refreshToken'] as const) {
      const tokens = await signIn('shop-web');
      const renewed = await refresh(tokens.refreshToken);
      const me = () => system.api.get('/v1/users/me', { token: renewed.body.accessToken });
      expect((await me()).status).toBe(200);
      const answers = [await revoke(String(tokens[kind])), await revoke(String(tokens[kind]))];
      expect(answers.map(({ status, text }) => [status, text])).toEqual([
        [200, ''],
        [200, ''],
      ]);
      expect((await refresh(renewed.body.refreshToken)).status).toBe(401);
      expect((await me()).status).toBe(401);
      const { rows } = await system.database.query(
        `SELECT a.reason, c.client_id FROM audit_log a JOIN api_clients c ON c.id = a.ref WHERE a.event = 'session_logout' AND a.user_id = $1`,
        [tokens.user['id']],
      );
      expect(rows).toEqual([{ reason: 'revoked by its client app', client_id: 'shop-web' }]);
    }
  });

  it("takes what never was a token for revoked, and refuses to pretend that another client app's was", async () => {
    for (const token of ['nothing', `ak_${'A'.repeat(43)}`]) expect((await revoke(token)).status).toBe(200);
    for (const other of [await signIn(), await signIn('shop-api')]) {
      for (const token of [other.accessToken, String(other.refreshToken)]) {
        const { status, body } = await revoke(token);
        expect([status, body.errors, body['error']]).toEqual([
          400,
          [{ pointer: '/token', code: 'of_another_client' }],
          'invalid_request',
        ]);
      }
      expect((await refresh(other.refreshToken)).status).toBe(200);
    }
  });

  it('are for client apps that prove who they are and have the scope; nobody else learns anything (A94)', async () => {
    const { accessToken } = await signIn('shop-web');
    const wrong: (string | undefined)[] = [
      undefined,
      basic({ ...api, secret: shop.secret }),
      basic({ ...api, secret: `ak_${'A'.repeat(43)}` }),
      basic({ clientId: '', secret: api.secret }),
      `Bearer ${api.secret}`,
      `Bearer ${accessToken}`,
      'Basic !',
    ];
    for (const authorization of wrong) {
      for (const path of [INTROSPECT, REVOKE]) {
        const headers = authorization === undefined ? {} : { authorization };
        const {
          status,
          body,
          headers: told,
        } = await postForm<JsonObject>(system.api, path, { token: accessToken }, headers);
        expect([authorization, status, body['code'], body['error']]).toEqual([
          authorization,
          401,
          'credentials_invalid',
          'invalid_client',
        ]);
        expect(told.get('www-authenticate')).toBe('Basic realm="latchkey"');
      }
    }
    const forbidden = await postForm<JsonObject>(
      system.api,
      REVOKE,
      { token: accessToken },
      { authorization: basic(api) },
    );
    expect([forbidden.status, forbidden.body['code'], forbidden.body['error']]).toEqual([
      403,
      'insufficient_scope',
      'insufficient_scope',
    ]);
    expect((await system.api.get('/v1/users/me', { token: accessToken })).status).toBe(200);
  });

  it('count wrong credentials per address, hold up no right ones for them, and record no more than were counted', async () => {
    const told = async () => {
      const sql = `SELECT count(*)::int AS n FROM audit_log WHERE event = 'client_authn_fail'`;
      return (await system.database.query<{ n: number }>(sql)).rows[0]?.n ?? 0;
    };
    system.clock.advance(300);
    const before = await told();
    const wrong = () =>
      postForm(system.api, REVOKE, { token: 'x' }, { authorization: basic({ ...shop, secret: 'x' }) });
    const answers = [];
    while (answers.length < 40) answers.push((await wrong()).status);
    expect(answers).toEqual([...Array<number>(30).fill(401), ...Array<number>(10).fill(429)]);
    expect((await told()) - before).toBe(30);
    expect((await revoke('nothing')).status).toBe(200);
    system.clock.advance(300);
    expect((await wrong()).status).toBe(401);
  });

  it('read a form and nothing else: each parameter once, unknown ones passed over', async () => {
    const authorization = basic(api);
    const ask = (form: string, headers: Record<string, string> = {}) =>
      postForm<ProblemBody & JsonObject>(system.api, INTROSPECT, form, { authorization, ...headers });
    expect((await ask('token=x&token_type_hint=unheard_of&resource=y')).body).toEqual({ active: false });
    const many = Array.from({ length: 101 }, (_, number) => `n${number}=1`).join('&');
    for (const form of ['', 'token=', 'token=a&token=b', `token=a&${many}`]) {
      const { status, body } = await ask(form);
      expect([form, status, body.code, body['error']]).toEqual([form, 400, 'validation_failed', 'invalid_request']);
    }
    const json = await system.api.post<ProblemBody>(INTROSPECT, { token: 'x' }, { headers: { authorization } });
    expect([json.status, json.body.code]).toEqual([415, 'unsupported_media_type']);
    expect((await ask(`token=${'x'.repeat(20_000)}`)).status).toBe(413);
    const elsewhere = await postForm<ProblemBody>(system.api, '/v1/auth/login', 'identifier=a&password=b', {});
    expect([elsewhere.status, elsewhere.body.code]).toEqual([415, 'unsupported_media_type']);
  });

  it('answer errors as problems with the member of OAuth, in the media type its clients read when they ask for it', async () => {
    const plain = await postForm<JsonObject>(system.api, INTROSPECT, 'token=x', { accept: 'application/json' });
    expect([plain.headers.get('content-type'), plain.body['error'], plain.body['code']]).toEqual([
      'application/json; charset=utf-8',
      'invalid_client',
      'credentials_invalid',
    ]);
    const problem = await postForm<JsonObject>(system.api, INTROSPECT, 'token=x', { accept: '*/*' });
    expect([problem.headers.get('content-type'), problem.body['error']]).toEqual([
      'application/problem+json; charset=utf-8',
      'invalid_client',
    ]);
    expect((await system.api.post<JsonObject>('/v1/auth/login', {})).body['error']).toBeUndefined();
  });

  it('stop for a client app that is disabled, and end for its people (A39)', async () => {
    const gone = await makeClientApp(system, { clientId: 'going', scopes: ['introspect'] });
    const { accessToken } = await signIn('going');
    expect(await introspect(accessToken, gone)).toMatchObject({ active: true });
    await system.admin.post('/v1/admin/clients/going/disable', {}, { token: system.adminKey });
    expect((await postForm(system.api, INTROSPECT, 'token=x', { authorization: basic(gone) })).status).toBe(401);
    expect(await introspect(accessToken)).toEqual({ active: false });
  });
});
