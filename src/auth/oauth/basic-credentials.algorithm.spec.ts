import { basicCredentials } from './basic-credentials.algorithm';

const encoded = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('client credentials by HTTP Basic', () => {
  it.each([
    ['shop-web:ak_secret', 'shop-web', 'ak_secret'],
    ['shop%2Dweb:ak%5Fsecret', 'shop-web', 'ak_secret'],
    ['a+b:c:d', 'a b', 'c:d'],
    [':', '', ''],
  ])('%s', (text, clientId, secret) => expect(basicCredentials(encoded(text))).toEqual({ clientId, secret }));

  it('takes the scheme in any case (RFC 9110 section 11.1)', () => {
    expect(basicCredentials(encoded('a:b').replace('Basic', 'bASIC'))).toEqual({ clientId: 'a', secret: 'b' });
  });

  it.each([undefined, '', 'Basic', 'Basic !!!', 'Bearer YTpi', encoded('%zz:b'), `${encoded('a:b')} x`])(
    'takes nothing from %p',
    (header) => expect(basicCredentials(header)).toBeUndefined(),
  );
});
