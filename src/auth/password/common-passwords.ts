// The passwords tried first, offline: zxcvbn-ts' list of leaked ones, by rank. Only those long enough to be chosen at all
// are kept, so the memory is small; the whole list counts, not just its top ten thousand.
import { dictionary } from '@zxcvbn-ts/language-common';
import { codePoints, fold } from './password.policy';

/** @param minLength code points; shorter entries can never be chosen. @returns the folded entries. */
export function commonPasswords(minLength: number): ReadonlySet<string> {
  return new Set(dictionary['passwords-common'].filter((entry) => codePoints(entry) >= minLength).map(fold));
}
