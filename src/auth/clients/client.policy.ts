// What a client app may be called and what it may be allowed. Pure. The database checks the same again.
import type { FieldError } from '../../platform/errors/app-error';
import { clientScopes } from '../../platform/request/api-key.decorator';
import type { ClientChanges, ClientSettings } from './clients.types';

/** The client id of requests that name none: our own app. No client app can have it. */
export const FIRST_PARTY = 'first-party';

/** The administrator that exists in development without any command; its key lies in a file. Refused in production. */
export const DEVELOPMENT_ADMIN = 'development-admin';

/** Bounds of a client's own life of access tokens, in seconds. */
export const CLIENT_TTL_SECONDS = { min: 60, max: 3600 } as const;

const ORIGINS_MAX = 20;
const REDIRECT_URIS_MAX = 20;
const printable = /^[^\p{Cc}\p{Zl}\p{Zp}]{1,100}$/u;

/** Without a colon, and without characters that form encoding changes, so that HTTP Basic carries it unchanged (RFC 6749 section 2.3.1). */
export const clientIdForm = /^[a-z0-9][a-z0-9._-]{2,63}$/;

/** Whether this is an origin as browsers send it: https, or http on this machine; lower case, without path and without default port. */
function isOrigin(text: string): boolean {
  return safeUrl(text)?.origin === text;
}

/** Whether this is an address as browsers write it, so that it can be read in one way only; without fragment and credentials. */
function isRedirectUri(text: string): boolean {
  const url = safeUrl(text);
  return url?.href === text && !text.includes('#') && url.username === '' && url.password === '';
}

/** https, or http on this machine. A wildcard is refused: it would match nothing and only look as if it did. */
function safeUrl(text: string): URL | undefined {
  if (text.length > 256 || text.includes('*') || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const local = url.hostname === 'localhost' || url.hostname === '127.0.0.1' || url.hostname === '[::1]';
  return url.protocol === 'https:' || (url.protocol === 'http:' && local) ? url : undefined;
}

const rules: { readonly [K in keyof ClientSettings]: (value: ClientSettings[K]) => boolean } = {
  name: (name) => printable.test(name) && name.trim() !== '',
  audience: (audience) => /^[!-~]{1,256}$/.test(audience),
  accessTokenTtlSeconds: (seconds) =>
    seconds === null ||
    (Number.isInteger(seconds) && seconds >= CLIENT_TTL_SECONDS.min && seconds <= CLIENT_TTL_SECONDS.max),
  allowedOrigins: (origins) => origins.length <= ORIGINS_MAX && origins.every(isOrigin),
  redirectUris: (uris) => uris.length <= REDIRECT_URIS_MAX && uris.every(isRedirectUri),
  scopes: (scopes) => scopes.every((scope) => (clientScopes as readonly string[]).includes(scope)),
};

/** @returns one problem for each setting that is not allowed */
export function clientProblems(settings: ClientChanges): FieldError[] {
  const judge = <K extends keyof ClientSettings>(key: K, value: ClientSettings[K] | undefined): boolean =>
    value === undefined || rules[key](value);
  const keys = Object.keys(rules) as (keyof ClientSettings)[];
  return keys.filter((key) => !judge(key, settings[key])).map((key) => ({ pointer: `/${key}`, code: 'invalid' }));
}
