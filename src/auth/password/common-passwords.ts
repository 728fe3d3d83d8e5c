// The passwords that attackers try first, without asking anybody: zxcvbn-ts' list of leaked ones. The whole list is used, except entries that are too
// short to be chosen, which saves memory. It is loaded when the first password is set.
import { codePoints } from '../../platform/text/code-points';
import { fold } from './password.policy';

// Looks for the package now, though it is loaded later. If the first look came while file descriptors were used up, Node would remember for
// good that it is missing.
require.resolve('@zxcvbn-ts/language-common');

/** @param minLength code points; shorter entries are left out. @returns the entries, folded (password.policy.ts) */
export async function commonPasswords(minLength: number): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].filter((entry) => codePoints(entry) >= minLength).map(fold));
}
