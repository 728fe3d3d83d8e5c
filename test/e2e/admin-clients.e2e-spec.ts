// Client apps by the operator's API: made, shown, changed, stopped; who may, and what the audit says of it.
import type { ApiAnswer, JsonObject, ProblemBody, RequestOptions } from '../support/api-client';
import { signUp } from '../support/accounts';
import { startSystem, type System } from '../support/instance';

interface ClientBody extends ProblemBody {
  readonly clientId: string;
  readonly secret?: string;
  readonly disabledAt: string | null;
}
type ClientAnswer = ApiAnswer<ClientBody & JsonObject>;

const CLIENTS = '/v1/admin/clients';
const SECRET = /^ak_[A-Za-z0-9_-]{43}$/;

describe('client apps by the admin API', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system.stop());

  const ask = (method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<ClientAnswer> =>
    system.admin.request(method, path, body, { token: system.adminKey, ...options });
  const create = (body: JsonObject) => ask('POST', CLIENTS, body);
  const opens = async (token: string) => (await ask('GET', CLIENTS, undefined, { token })).status;

  it('are made with a secret that is told once and works at once', async () => {
    const settings = {
      clientId: 'shop-ops',
      name: 'Shop',
      audience: 'https://api.shop.example',
      accessTokenTtlSeconds: 120,
      allowedOrigins: ['https://shop.example'],
      redirectUris: ['https://shop.example/signed-in?from=latchkey'],
      scopes: ['admin'],
    };
    const { status, body } = await create(settings);
    expect([status, body]).toEqual([201, { ...settings, ...dates, secret: expect.stringMatching(SECRET) as string }]);
    expect(await opens(String(body.secret))).toBe(200);
    const shown = await ask('GET', `${CLIENTS}/shop-ops`);
    expect(shown.body).toEqual({ ...settings, ...dates });
    expect(shown.text + (await ask('GET', CLIENTS)).text + system.logs()).not.toContain(body.secret);
  });

  it('are no younger after a restart: the administrator of development keeps its key', async () => {
    const own = async () => (await ask('GET', `${CLIENTS}/development-admin`)).body;
    const before = await own();
    expect(before['secretCreatedAt']).toEqual(expect.any(String));
    system.clock.advance(60);
    await system.restart(0);
    expect(await own()).toEqual(before);
  });

  it('get a client id, their own audience and nothing else unless told', async () => {
    const { body } = await create({ name: 'Plain' });
    expect(body).toMatchObject({
      audience: body.clientId,
      accessTokenTtlSeconds: null,
      allowedOrigins: [],
      redirectUris: [],
      scopes: [],
    });
    expect(body.clientId).toMatch(/^app-[0-9a-f]{16}$/);
  });

  it('that no id can name are 404 like one that never was, and a cursor that is none is 400 (A85)', async () => {
    for (const id of ['nobody', '%00', 'a%00b', '%F0%9F%98%80', "'%20OR%201=1--", 'A', 'x'.repeat(90)]) {
      for (const [method, path] of [
        ['GET', ''],
        ['PATCH', ''],
        ['DELETE', ''],
        ['POST', '/rotate-secret'],
        ['POST', '/disable'],
        ['POST', '/enable'],
      ] as const) {
        const body = method === 'GET' || method === 'DELETE' ? undefined : {};
        const answer = await ask(method, `${CLIENTS}/${id}${path}`, body);
        expect([method, id, path, answer.status, answer.body.code]).toEqual([method, id, path, 404, 'not_found']);
      }
    }
    for (const cursor of ['%00', '%0a', '%C3%A9'])
      expect((await ask('GET', `${CLIENTS}?cursor=${cursor}`)).status).toBe(400);
  });

  it('are refused with what is wrong about them, by name', async () => {
    expect((await create({ clientId: 'twice-made', name: 'One' })).status).toBe(201);
    const twice = await create({ clientId: 'twice-made', name: 'Two' });
    expect([twice.status, twice.body.errors]).toEqual([409, [{ pointer: '/clientId', code: 'taken' }]]);
    const wrong: [JsonObject, string][] = [
      [{}, '/name'],
      [{ name: null }, '/name'],
      [{ name: 'a', clientId: 'first-party' }, '/clientId'],
      [{ name: 'a', clientId: 'development-admin' }, '/clientId'],
      [{ name: 'a', audience: null }, '/audience'],
      [{ name: 'a', allowedOrigins: ['https://shop.example/path'] }, '/allowedOrigins'],
      [{ name: 'a', redirectUris: ['javascript:alert(1)'] }, '/redirectUris'],
      [{ name: 'a', redirectUris: ['https://shop.example'] }, '/redirectUris'],
      [{ name: 'a', redirectUris: ['https://shop.example/#a'] }, '/redirectUris'],
      [{ name: 'a', redirectUris: ['https://a@shop.example/'] }, '/redirectUris'],
      [{ name: 'a', scopes: ['everything'] }, '/scopes'],
      [{ name: 'a', accessTokenTtlSeconds: 59 }, '/accessTokenTtlSeconds'],
    ];
    for (const [body, pointer] of wrong) {
      const { status, body: problem } = await create(body);
      expect([pointer, status, problem.errors?.[0]?.pointer]).toEqual([pointer, 400, pointer]);
    }
  });

  it('change in what is named, and null brings the lifetime of the server back', async () => {
    await create({ clientId: 'changing', name: 'Before', accessTokenTtlSeconds: 300, scopes: ['introspect'] });
    const changed = await ask('PATCH', `${CLIENTS}/changing`, { name: 'After', accessTokenTtlSeconds: null });
    expect(changed.body).toMatchObject({ name: 'After', accessTokenTtlSeconds: null, scopes: ['introspect'] });
    expect((await ask('PATCH', `${CLIENTS}/changing`, { name: null })).status).toBe(400);
    expect((await ask('PATCH', `${CLIENTS}/changing`, { clientId: 'other' })).status).toBe(400);
  });

  it('lose the old secret when it is renewed, and every key when they are disabled or deleted', async () => {
    const first = String((await create({ clientId: 'ending', name: 'Ending', scopes: ['admin'] })).body.secret);
    expect(await opens(first)).toBe(200);
    const second = String((await ask('POST', `${CLIENTS}/ending/rotate-secret`, {})).body.secret);
    expect([await opens(first), await opens(second)]).toEqual([401, 200]);
    const disabled = await ask('POST', `${CLIENTS}/ending/disable`);
    expect([disabled.status, typeof disabled.body.disabledAt, await opens(second)]).toEqual([200, 'string', 401]);
    expect((await ask('POST', `${CLIENTS}/ending/enable`)).body.disabledAt).toBeNull();
    expect(await opens(second)).toBe(200);
    expect((await ask('DELETE', `${CLIENTS}/ending`)).status).toBe(204);
    expect([await opens(second), (await ask('GET', `${CLIENTS}/ending`)).status]).toEqual([401, 404]);
    expect((await ask('DELETE', `${CLIENTS}/ending`)).status).toBe(404);
    for (const act of ['rotate-secret', 'disable', 'enable'])
      expect([act, (await ask('POST', `${CLIENTS}/ending/${act}`)).status]).toEqual([act, 404]);
    expect((await ask('PATCH', `${CLIENTS}/ending`, { name: 'Again' })).status).toBe(404);
    expect((await create({ clientId: 'ending', name: 'Again' })).status).toBe(409);
  });

  // ASVS 1.4.2
  it('are listed in pages that miss none', async () => {
    for (const number of [1, 2, 3]) await create({ clientId: `paged-${number}`, name: 'Paged' });
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { body: { items: ClientBody[]; nextCursor: string | null } } = (await ask(
        'GET',
        `${CLIENTS}?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
      )) as never;
      expect(page.body.items.length).toBeLessThanOrEqual(2);
      found.push(...page.body.items.map(({ clientId }) => clientId));
      cursor = page.body.nextCursor;
    }
    expect(found).toEqual([...found].sort());
    expect(found).toEqual(expect.arrayContaining(['development-admin', 'paged-1', 'paged-2', 'paged-3']));
    expect(new Set(found).size).toBe(found.length);
    for (const query of ['limit=0', 'limit=201', 'limit=x', 'page=2']) {
      expect([query, (await ask('GET', `${CLIENTS}?${query}`)).status]).toEqual([query, 400]);
    }
  });

  it('are for keys with scope admin, on the admin port only (A94)', async () => {
    const other = String((await create({ name: 'Other', scopes: ['introspect'] })).body.secret);
    const forbidden = await ask('GET', CLIENTS, undefined, { token: other });
    expect([forbidden.status, forbidden.body.code]).toEqual([403, 'insufficient_scope']);
    const { accessToken } = await signUp(system, '+14152000001');
    const person = await ask('GET', CLIENTS, undefined, { token: accessToken });
    expect([person.status, person.body.code]).toEqual([401, 'token_type_invalid']);
    expect(await opens(`ak_${'A'.repeat(43)}`)).toBe(401);
    const outside = await system.api.get(CLIENTS, { token: system.adminKey });
    expect([outside.status, (await system.api.get(CLIENTS)).status]).toEqual([404, 404]);
    expect((await system.admin.get('/v1/users/me', { token: accessToken })).status).toBe(404);
  });

  it('leave an audit row that names the client app that did it', async () => {
    const mine = String((await create({ clientId: 'auditor', name: 'Ops', scopes: ['admin'] })).body.secret);
    await ask('POST', CLIENTS, { clientId: 'audited', name: 'Audited' }, { token: mine });
    await ask('PATCH', `${CLIENTS}/audited`, { name: 'Changed' }, { token: mine });
    await ask('DELETE', `${CLIENTS}/audited`, undefined, { token: mine });
    const { rows } = await system.database.query<{ event: string; meta: JsonObject; request_id: string }>(
      `SELECT event, meta, request_id FROM audit_log WHERE meta->>'clientId' = 'audited' ORDER BY at, id`,
    );
    expect(rows.map(({ event }) => event)).toEqual(['client_created', 'client_updated', 'client_deleted']);
    for (const { meta, request_id } of rows) {
      expect([meta['by'], request_id]).toEqual(['client:auditor', expect.any(String)]);
    }
  });
});

const dates = {
  createdAt: expect.any(String) as string,
  updatedAt: expect.any(String) as string,
  secretCreatedAt: expect.any(String) as string,
  disabledAt: null,
};
