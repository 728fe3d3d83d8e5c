import { createHash } from 'node:crypto';
import { generateSigningKey, publicMembers, thumbprint } from './jwk.algorithm';

it('never publishes a private member', () => {
  const { privateKey, publicJwk } = generateSigningKey();
  const whole = privateKey.export({ format: 'jwk' });
  expect(whole).toHaveProperty('d');
  expect(publicMembers(whole)).toEqual(publicJwk);
  expect(Object.keys(publicJwk).sort()).toEqual(['crv', 'kty', 'x', 'y']);
});

it('names a key by the RFC 7638 thumbprint, whatever the order of its members', () => {
  const text = '{"crv":"P-256","kty":"EC","x":"AQ","y":"Ag"}';
  const jwk = { y: 'Ag', x: 'AQ', kty: 'EC', crv: 'P-256' } as const;
  expect(thumbprint(jwk)).toBe(createHash('sha256').update(text).digest('base64url'));
});

it.each([{ kty: 'RSA', n: 'AQ', e: 'AQAB' }, { kty: 'EC', crv: 'P-384', x: 'AQ', y: 'Ag' }, {}])(
  'refuses a key that is not P-256: %j',
  (jwk) => {
    expect(() => publicMembers(jwk)).toThrow('not a P-256 key');
  },
);
