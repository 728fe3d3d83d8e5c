import { createHash } from 'node:crypto';
import { codeMatches, deriveCode } from './otp-code';
import { formatChallengeToken, parseChallengeToken } from './challenge-token';

const key = Buffer.alloc(32, 7);

function challenge(fill: number, purpose: 'login' | 'register' = 'login', digits = 6) {
  const parsed = parseChallengeToken(formatChallengeToken(purpose, digits, 'k2', Buffer.alloc(32, fill)));
  if (parsed === undefined) throw new Error('not a token');
  return parsed;
}

describe('code derivation', () => {
  it('reproduces the published vector of protocol.md 2', () => {
    expect(deriveCode(key, challenge(1))).toBe('468210');
  });

  it('gives another code for another purpose, length or key', () => {
    const codes = new Set([
      deriveCode(key, challenge(1)),
      deriveCode(key, challenge(1, 'register')),
      deriveCode(key, challenge(1, 'login', 7)),
      deriveCode(Buffer.alloc(32, 8), challenge(1)),
    ]);
    expect(codes.size).toBe(4);
  });

  it('pads with zeros on the left and matches only the padded text (A20)', () => {
    const digests = Array.from({ length: 400 }, (_, n) => createHash('sha256').update(String(n)).digest());
    const zero = digests.map((digest) => ({ ...challenge(1), digest })).find((c) => deriveCode(key, c).startsWith('0'));
    if (zero === undefined) throw new Error('no code with a leading zero among 400');
    const code = deriveCode(key, zero);
    expect(code).toMatch(/^0\d{5}$/);
    expect(codeMatches(key, zero, code)).toBe(true);
    expect(codeMatches(key, zero, code.replace(/^0+/, ''))).toBe(false);
  });

  it('spreads 20 000 codes evenly over every position (A15: chi-square, p > 0.001)', () => {
    const counts = Array.from({ length: 6 }, () => new Array<number>(10).fill(0));
    for (let n = 0; n < 20_000; n++) {
      const digest = createHash('sha256').update(`code ${n}`).digest();
      [...deriveCode(key, { ...challenge(1), digest })].forEach((digit, position) => {
        const row = counts[position] ?? [];
        row[Number(digit)] = (row[Number(digit)] ?? 0) + 1;
      });
    }
    for (const row of counts) {
      const chiSquare = row.reduce((sum, seen) => sum + (seen - 2000) ** 2 / 2000, 0);
      expect(chiSquare).toBeLessThan(27.9);
    }
  });
});

// ASVS 7.2.3
describe('challenge token', () => {
  it.each([
    '',
    'lg6_k2_short',
    'xx6_k2_' + 'A'.repeat(43),
    'lg3_k2_' + 'A'.repeat(43),
    'lg6_K2_' + 'A'.repeat(43),
    'rf_k2_' + 'A'.repeat(43),
  ])('refuses %p', (token) => {
    expect(parseChallengeToken(token)).toBeUndefined();
  });
});
