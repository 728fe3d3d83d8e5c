import { otpauthUrl, secretText, stepOfCode } from './totp.algorithm';

const secret = Buffer.from('12345678901234567890', 'ascii');

// RFC 6238 appendix B, SHA-1; our codes are the last six of its eight digits.
it.each([
  [59, '287082', 1],
  [1111111109, '081804', 37037036],
  [1111111111, '050471', 37037037],
  [1234567890, '005924', 41152263],
  [2000000000, '279037', 66666666],
  [20000000000, '353130', 666666666],
])('computes the vectors of RFC 6238: %d s', (seconds, code, step) => {
  expect(stepOfCode(secret, code, new Date(seconds * 1000))).toBe(step);
});

it('A67: takes the code of one step before and after, tells which step it is, and takes no other', () => {
  const code = '050471'; // of step 37037037, which begins at 1111111110 s
  const at = (seconds: number) => stepOfCode(secret, code, new Date((1_111_111_110 + seconds) * 1000));
  expect([-31, -30, -1, 0, 29, 59].map(at)).toEqual([undefined, ...Array.from({ length: 5 }, () => 37037037)]);
  expect([60, 90].map(at)).toEqual([undefined, undefined]);
});

it.each(['', '50471', '0050471', 'abcdef', '05047１'])('takes no other spelling: %j', (code) => {
  expect(stepOfCode(secret, code, new Date(1_111_111_111_000))).toBeUndefined();
});

it('writes the secret for hands and for cameras', () => {
  expect(secretText(secret)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  expect(otpauthUrl(secret, 'Acme & Co', '+1******0123')).toBe(
    'otpauth://totp/Acme%20%26%20Co:%2B1******0123?issuer=Acme%20%26%20Co&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA1&digits=6&period=30',
  );
});
