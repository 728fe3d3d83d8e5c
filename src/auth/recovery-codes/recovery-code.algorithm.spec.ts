import { NodeRandom } from '../../platform/random/node-random';
import { canonicalRecoveryCode, newRecoveryCodes } from './recovery-code.algorithm';

// ASVS 6.5.2
it('A78: a set is ten different codes of 80 bits, spelled as the contract has it', () => {
  const codes = newRecoveryCodes(new NodeRandom());
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) expect(code).toMatch(/^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$/);
});

it('a code is the same with and without its dashes', () => {
  expect(canonicalRecoveryCode('ABCD-EFGH-IJKL-2345')).toBe('ABCDEFGHIJKL2345');
  expect(canonicalRecoveryCode('ABCDEFGH-IJKL2345')).toBe('ABCDEFGHIJKL2345');
});
