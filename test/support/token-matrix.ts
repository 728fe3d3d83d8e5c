// Every kind of token there is, every way to carry one, and every route of the OpenAPI document: the parts of the matrix that
// test/e2e/full/token-matrix walks. A route that is added later is in it by itself.
import type { ApiAnswer, ProblemBody } from './api-client';
import type { System } from './instance';
import { askStepUp, forgotten, withCode } from './credentials';
import { basic, makeClientApp } from './oauth';
import { loginToken, recoveryCodes } from './factors';
import { Person } from './person';
import { AuthenticatorApp } from './totp';
import { VerifyingApp } from './verifying-app';

export interface Token {
  readonly kind: string;
  readonly value: string;
  /** Of an API key: its client. */
  readonly clientId?: string;
}

export interface Route {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** Names of security schemes, empty for a public route. */
  readonly security: readonly string[];
  /** undefined: takes no body. */
  readonly mediaType: string | undefined;
  /** Fields of the body that hold a token. */
  readonly tokenFields: readonly string[];
  /** What its other fields need to get past validation, so that it is the token that is judged. */
  readonly fillers: Readonly<Record<string, string>>;
}

export interface Carrier {
  readonly name: string;
  readonly field?: string;
  request(token: Token): { headers?: Record<string, string>; query?: string; body?: Record<string, string> };
}

/** Good enough to pass validation, and good for nothing. */
const FILLERS = { code: '000000', newPassword: 'meadow-quartz-77-ember' };

interface Operation {
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: { readonly $ref?: string } }>>;
  };
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly properties?: object }>> };
}

export async function routesOf(system: System): Promise<Route[]> {
  const { body } = await system.api.get<Document>('/openapi.json');
  return Object.entries(body.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const [media] = Object.entries(operation.requestBody?.content ?? {});
      const schema = media?.[1].schema.$ref?.split('/').at(-1) ?? '';
      const fields = Object.keys(body.components.schemas[schema]?.properties ?? {});
      return {
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path: path.replace(/\{[^}]+\}/g, '00000000-0000-4000-8000-000000000000'),
        security: demanded(operation),
        mediaType: media?.[0],
        tokenFields: fields.filter((field) => /token$/i.test(field)),
        fillers: Object.fromEntries(Object.entries(FILLERS).filter(([field]) => fields.includes(field))),
      };
    }),
  );
}

/** None where it may be left out. */
function demanded({ security = [] }: Operation): string[] {
  const schemes = security.map((each) => Object.keys(each));
  return schemes.some((names) => names.length === 0) ? [] : schemes.flat();
}

/** Header, cookie and query of every route, and the body fields it has, and some that it has not. */
export function carriersOf(route: Route, origin: string): Carrier[] {
  const fields = route.mediaType === undefined ? [] : [...new Set([...route.tokenFields, 'accessToken', 'apiKey'])];
  return [
    { name: 'Bearer', request: ({ value }) => ({ headers: { authorization: `Bearer ${value}` } }) },
    {
      name: 'Basic',
      request: ({ value, clientId = 'first-party' }) => ({
        headers: { authorization: basic({ clientId, secret: value }) },
      }),
    },
    ...['__Host-rt', '__Host-td', 'access_token', 'session'].map((name) => ({
      name: `cookie ${name}`,
      request: ({ value }: Token) => ({ headers: { origin, cookie: `${name}=${value}` } }),
    })),
    ...['access_token', 'refreshToken', 'challengeToken', 'token', 'api_key'].map((name) => ({
      name: `query ${name}`,
      request: ({ value }: Token) => ({ query: `?${name}=${encodeURIComponent(value)}` }),
    })),
    ...fields.map((field) => ({
      name: `body ${field}`,
      field,
      request: ({ value }: Token) => ({ body: { [field]: value } }),
    })),
  ];
}

export function carry(system: System, route: Route, carrier: Carrier, token: Token): Promise<ApiAnswer<ProblemBody>> {
  const { headers = {}, query = '', body = {} } = carrier.request(token);
  const api = route.path.startsWith('/v1/admin/') ? system.admin : system.api;
  const all = { ...route.fillers, ...body };
  const form = route.mediaType === 'application/x-www-form-urlencoded';
  const rawBody = form ? new URLSearchParams(all).toString() : JSON.stringify(all);
  return api.request(route.method, `${route.path}${query}`, undefined, {
    headers: { ...(route.mediaType === undefined ? {} : { 'content-type': route.mediaType }), ...headers },
    ...(route.mediaType === undefined ? {} : { rawBody }),
  });
}

/** One token of every kind, all of them good where they belong, and some that are good nowhere. */
export async function tokensOf(system: System, nextPhone: () => string): Promise<Token[]> {
  const [waiting, body, page, gone] = Array.from({ length: 4 }, () => new Person(system, nextPhone())) as [
    Person,
    Person,
    Person,
    Person,
  ];
  const registering = await waiting.challenged('register');
  const inBody = await body.joined({}, { trustDevice: true });
  const loggingIn = await body.challenged('login');
  const steppingUp = await withCode(body, () => askStepUp(system.api, inBody.accessToken, body.password));
  const resetting = await forgotten(body);
  const next = new Person(system, nextPhone());
  const moving = await withCode(next, () =>
    system.api.post('/v1/users/me/phone', { phone: next.phone }, { token: inBody.accessToken }),
  );
  const used = await page.challenged('register', { tokenDelivery: 'cookie' });
  const inCookie = await page.verify(used.token, used.code);
  const cookie = /__Host-rt=([^;]+)/.exec(inCookie.headers.get('set-cookie') ?? '')?.[1] ?? '';
  const ended = await gone.joined();
  await system.api.post('/v1/auth/logout', { refreshToken: ended.refreshToken });
  const app = await VerifyingApp.make(system);
  const [verifying, proof] = [await app.challenged(nextPhone()), await app.proofOf(nextPhone())];
  const factors = await factorsOf(new Person(system, nextPhone()));
  const unknown = (kind: string) => ({ kind: `unknown ${kind}`, value: `${kind}6_k1_${'A'.repeat(43)}` });
  return [
    { kind: 'challenge register', value: registering.token },
    { kind: 'challenge login', value: loggingIn.token },
    { kind: 'challenge step_up', value: steppingUp.token },
    { kind: 'challenge reset', value: resetting.token },
    { kind: 'challenge phone_change', value: moving.token },
    { kind: 'challenge used', value: used.token },
    { kind: 'challenge phone_verification', value: verifying.token },
    { kind: 'phone proof', value: proof },
    ...['su', 'rs', 'pc', 'ec', 'pv', 'lg'].map(unknown),
    { kind: 'refresh body', value: inBody.refreshToken ?? '' },
    { kind: 'refresh cookie', value: cookie },
    { kind: 'refresh ended', value: ended.refreshToken ?? '' },
    { kind: 'trusted device', value: inBody.trustedDeviceToken ?? '' },
    { kind: 'access', value: inBody.accessToken },
    { kind: 'access ended', value: ended.accessToken },
    ...(await keysOf(system)),
    ...factors,
    { kind: 'code', value: loggingIn.code },
    { kind: 'garbage', value: 'a.b.c' },
    { kind: 'garbage', value: `ak_${'A'.repeat(43)}` },
  ];
}

/** What a person types, or an app keeps: none of it is a token anywhere. The challenge waits for an app, and no message was sent for it. */
async function factorsOf(person: Person): Promise<Token[]> {
  const { accessToken } = await person.joined();
  const app = await AuthenticatorApp.enrolled(person, accessToken);
  const [code = ''] = await recoveryCodes(person, accessToken);
  return [
    { kind: 'challenge login by app', value: await loginToken(person) },
    { kind: 'recovery code', value: code },
    { kind: 'secret of an app', value: app.secret },
  ];
}

async function keysOf(system: System): Promise<Token[]> {
  const scopes = ['admin', 'introspect', 'revoke', 'phone_verifications', undefined];
  const made = scopes.map(async (scope) => {
    const { clientId, secret } = await makeClientApp(system, { scopes: scope === undefined ? [] : [scope] });
    return { kind: `key ${scope ?? 'without scope'}`, value: secret, clientId };
  });
  return Promise.all(made);
}
