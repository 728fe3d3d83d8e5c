import { createHmac } from 'node:crypto';
import { signedClaims, signsBody } from './vonage.signature';

// Vonage/vonage-php-jwt test/TokenGeneratorTest.php and Vonage/vonage-jwt-ruby spec: the sample of Vonage's guide, signed.
const token =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE1ODc0OTQ5NjIsImp0aSI6ImM1YmE4ZjI0LTFhMTQtNGMxMC1iZmRmLTNmYmU4Y2U1MTFiNSIsImlzcyI6IlZvbmFnZSIsInBheWxvYWRfaGFzaCI6ImQ2YzBlNzRiNTg1N2RmMjBlM2I3ZTUxYjMwYzBjMmE0MGVjNzNhNzc4NzliNmYwNzRkZGM3YTIzMTdkZDAzMWIiLCJhcGlfa2V5IjoiYTFiMmMzZCIsImFwcGxpY2F0aW9uX2lkIjoiYWFhYWFhYWEtYmJiYi1jY2NjLWRkZGQtMDEyMzQ1Njc4OWFiIn0.JQRKi1d0SQitmjPINfTWMpt3XZkGsLbD7EjCdXoNSbk';
const secret = 'ZYtdTtGV3BCFN7tWmOWr1md66XsquMggr4W2cTtXtcPgfnI0Xw';

it('A88: reads the claims of Vonage’s own sample with its secret, and with no other', () => {
  expect(signedClaims(`Bearer ${token}`, secret)).toEqual({
    iat: 1587494962,
    jti: 'c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5',
    iss: 'Vonage',
    payload_hash: 'd6c0e74b5857df20e3b7e51b30c0c2a40ec73a77879b6f074ddc7a2317dd031b',
    api_key: 'a1b2c3d',
    application_id: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
  });
  expect(signedClaims(`Bearer ${token}`, `${secret}x`)).toBeUndefined();
  expect(signedClaims(token, secret)).toBeUndefined();
});

it('A88: a token of another algorithm, or of none, is no token', () => {
  const [, claims = ''] = token.split('.');
  for (const alg of ['none', 'HS512', 'RS256']) {
    const header = Buffer.from(JSON.stringify({ alg, typ: 'JWT' })).toString('base64url');
    expect(
      signedClaims(`Bearer ${header}.${claims}.JQRKi1d0SQitmjPINfTWMpt3XZkGsLbD7EjCdXoNSbk`, secret),
    ).toBeUndefined();
    expect(signedClaims(`Bearer ${header}.${claims}.`, secret)).toBeUndefined();
  }
  const header = Buffer.from('{"alg":"HS512","typ":"JWT"}').toString('base64url');
  const longer = createHmac('sha512', secret).update(`${header}.${claims}`).digest('base64url');
  expect(signedClaims(`Bearer ${header}.${claims}.${longer}`, secret)).toBeUndefined();
});

it('A88: a hash is of one body only, in hex of either case', () => {
  const payload_hash = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'; // FIPS 180-2 B.1, "abc"
  expect(signsBody({ payload_hash }, Buffer.from('abc'))).toBe(true);
  expect(signsBody({ payload_hash: payload_hash.toUpperCase() }, Buffer.from('abc'))).toBe(true);
  expect(signsBody({ payload_hash }, Buffer.from('abd'))).toBe(false);
  expect(signsBody({ payload_hash: `${payload_hash}00` }, Buffer.from('abc'))).toBe(false);
  expect(signsBody({}, Buffer.from(''))).toBe(false);
});
