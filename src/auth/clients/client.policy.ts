// What a client app may be called and allowed. Pure; the database checks the same once more.
import type { FieldError } from '../../platform/errors/app-error';
import { clientScopes } from '../../platform/request/api-key.decorator';
import type { ClientChanges, ClientSettings } from './clients.types';

/** The client id of whoever names none: our own app. No client can take it. */
export const FIRST_PARTY = 'first-party';

/** The administrator that development gets by itself, its key in a file; refused in production. */
export const DEVELOPMENT_ADMIN = 'development-admin';

/** Bounds of an access token's life, per client, in seconds. */
export const CLIENT_TTL_SECONDS = { min: 60, max: 3600 } as const;

const ORIGINS_MAX = 20;
const REDIRECT_URIS_MAX = 20;
const printable = /^[^\p{Cc}\p{Zl}\p{Zp}]{1,100}$/u;

/** No colon and nothing that form encoding changes, so that HTTP Basic carries it as it is (RFC 6749 section 2.3.1). */
export const clientIdForm = /^[a-z0-9][a-z0-9._-]{2,63}$/;

/** @returns whether this is an origin as browsers send it: https, or http on this machine; no path, no default port, lower case */
function isOrigin(text: string): boolean {
  return safeUrl(text)?.origin === text;
}

/** @returns whether this is an address as browsers write it, so that nothing is left to be read in two ways; no fragment, no credentials */
function isRedirectUri(text: string): boolean {
  const url = safeUrl(text);
  return url?.href === text && !text.includes('#') && url.username === '' && url.password === '';
}

/** https, or http on this machine. No wildcard: it would never match and only seem to allow something. */
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

/** @returns one finding per setting that is not allowed */
export function clientProblems(settings: ClientChanges): FieldError[] {
  const judge = <K extends keyof ClientSettings>(key: K, value: ClientSettings[K] | undefined): boolean =>
    value === undefined || rules[key](value);
  const keys = Object.keys(rules) as (keyof ClientSettings)[];
  return keys.filter((key) => !judge(key, settings[key])).map((key) => ({ pointer: `/${key}`, code: 'invalid' }));
}
