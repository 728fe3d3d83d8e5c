// The passwords tried first, offline: zxcvbn-ts' list of leaked ones, by rank. Only those long enough to be chosen at all
// are kept, so the memory is small; the whole list counts, not just its top ten thousand. It is loaded with the first new password.
import { codePoints, fold } from './password.policy';

// Found now, read later: Node remembers for good that it has not found a package, such as while it was out of file descriptors.
require.resolve('@zxcvbn-ts/language-common');

/** @param minLength code points; shorter entries can never be chosen. @returns the folded entries. */
export async function commonPasswords(minLength: number): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].filter((entry) => codePoints(entry) >= minLength).map(fold));
}
