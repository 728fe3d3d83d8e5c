// Bodies that are none: broken, huge, deep, of another type or encoding. Each is to be refused before anybody looks what it is about.
import type { ApiAnswer, ApiClient } from '../../support/api-client';

type Malformed = (api: ApiClient, headers: Readonly<Record<string, string>>) => Promise<ApiAnswer<unknown>>;

const KILOBYTE = 1024;
const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

const BODIES: readonly (readonly [body: string, headers?: Readonly<Record<string, string>>])[] = [
  ['{"phone":"+1415'],
  ['[1,2,3]'],
  [deep(15)],
  [deep(500)],
  [JSON.stringify({ phone: 'x'.repeat(60 * KILOBYTE) })],
  [JSON.stringify({ phone: 'x'.repeat(1000 * KILOBYTE) })],
  [JSON.stringify(Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`k${n}`, n])))],
  ['{"phone":"+14152000001"}', { 'content-type': 'text/plain' }],
  ['phone=%2B14152000001', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['{"phone":"+14152000001"}', { 'content-encoding': 'gzip' }],
  ['{"__proto__":{"a":1}}'],
  ['\u{feff}{"phone":"+14152000001"}'],
];

export function malformed(): readonly Malformed[] {
  return BODIES.map(
    ([rawBody, own]) =>
      (api, headers) =>
        api.post('/v1/auth/register', undefined, { rawBody, headers: { ...headers, ...own } }),
  );
}
