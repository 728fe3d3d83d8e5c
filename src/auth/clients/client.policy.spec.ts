import { clientIdForm, clientProblems } from './client.policy';

const problem = (settings: object) => clientProblems(settings).map(({ pointer }) => pointer);

it.each<[string, object]>([
  ['the shortest life', { accessTokenTtlSeconds: 60 }],
  ['the longest life', { accessTokenTtlSeconds: 3600 }],
  ['the default life', { accessTokenTtlSeconds: null }],
  ['https origins', { allowedOrigins: ['https://a.example', 'https://a.example:8443'] }],
  ['http on this machine', { allowedOrigins: ['http://localhost:8080', 'http://127.0.0.1:1', 'http://[::1]:1'] }],
  ['no origins and no scopes', { allowedOrigins: [], scopes: [] }],
  ['every scope', { scopes: ['admin', 'introspect', 'revoke', 'phone_verifications'] }],
  ['a URL as audience', { audience: 'https://api.shop.example/v1' }],
  ['what is not named', { name: undefined }],
])('allows %s', (_case, settings) => {
  expect(problem(settings)).toEqual([]);
});

it.each<[string, string, object]>([
  ['a second less', 'accessTokenTtlSeconds', { accessTokenTtlSeconds: 59 }],
  ['a second more', 'accessTokenTtlSeconds', { accessTokenTtlSeconds: 3601 }],
  ['half seconds', 'accessTokenTtlSeconds', { accessTokenTtlSeconds: 60.5 }],
  ['no number', 'accessTokenTtlSeconds', { accessTokenTtlSeconds: NaN }],
  ...[
    '*',
    'null',
    '',
    'https://*.a.example',
    'https://a.example/',
    'https://a.example/x',
    'http://a.example',
    'https://A.example',
  ]
    .concat([
      'https://a.example:443',
      'https://u@a.example',
      'a.example',
      'ftp://a.example',
      'https://a.example, https://b.example',
    ])
    .map((origin): [string, string, object] => [
      `the origin ${origin}`,
      'allowedOrigins',
      { allowedOrigins: [origin] },
    ]),
  ['21 origins', 'allowedOrigins', { allowedOrigins: Array.from({ length: 21 }, (_, n) => `https://a${n}.example`) }],
  ['an audience with a space', 'audience', { audience: 'a b' }],
  ['no audience', 'audience', { audience: '' }],
  ['257 characters of audience', 'audience', { audience: 'a'.repeat(257) }],
  ['a scope nobody knows', 'scopes', { scopes: ['admin', 'everything'] }],
  ['an empty name', 'name', { name: ' ' }],
  ['a name with a line break', 'name', { name: 'a\nb' }],
])('refuses %s', (_case, key, settings) => {
  expect(problem(settings)).toEqual([`/${key}`]);
});

it.each(['shop', 'a.b', 'a-b_c', 'x'.repeat(64)])('%s may be a client id', (id) => {
  expect(clientIdForm.test(id)).toBe(true);
});

it.each(['ab', 'Shop', '-shop', 'a b', 'a:b', 'a%20b', 'x'.repeat(65), 'shop\n', ''])(
  '%j may not be a client id',
  (id) => {
    expect(clientIdForm.test(id)).toBe(false);
  },
);
