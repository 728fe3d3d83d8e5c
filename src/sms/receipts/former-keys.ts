// A key that checks webhooks is changed at the vendor at one moment, and here instance by instance. Until that is done both keys are good
// (F29, ADR 80). A slice has a setting X_PREVIOUS beside X for the former key; readers know nothing of it.
import type { ConfigSlice } from '../../config/config-slice';

const FORMER = '_PREVIOUS';

/** @returns the slice; and if a former key is configured, a second one that has the former keys in place of the present ones */
export function withFormerKeys<C extends ConfigSlice>(slice: C): C[] {
  const former = Object.entries(slice)
    .filter(([key, value]) => key.endsWith(FORMER) && value !== undefined)
    .map(([key, value]): [string, unknown] => [key.slice(0, -FORMER.length), value]);
  if (former.length === 0) return [slice];
  const before = Object.create(Object.getPrototypeOf(slice) as object) as C;
  return [slice, Object.assign(before, slice, Object.fromEntries(former))];
}
