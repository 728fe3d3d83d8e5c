import { metadataPathOf } from './issuer-url.algorithm';

describe('where an issuer is described (RFC 8414 section 3.1)', () => {
  it.each([
    ['https://id.example', '/.well-known/oauth-authorization-server'],
    ['https://id.example/', '/.well-known/oauth-authorization-server'],
    ['https://id.example/tenant', '/.well-known/oauth-authorization-server/tenant'],
    ['https://id.example/realms/one/', '/.well-known/oauth-authorization-server/realms/one'],
    ['http://127.0.0.1:3000', '/.well-known/oauth-authorization-server'],
  ])('%s at %s', (issuer, path) => expect(metadataPathOf(issuer)).toBe(path));

  it.each(['latchkey', 'urn:latchkey', 'https://id.example/?tenant=1', 'https://id.example/#one', 'ftp://id.example'])(
    '%s nowhere',
    (issuer) => expect(metadataPathOf(issuer)).toBeUndefined(),
  );
});
