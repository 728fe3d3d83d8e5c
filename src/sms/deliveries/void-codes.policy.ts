// Since when earlier codes of a challenge are void: pure. Our own code is the same on every vendor; each verification of a service
// has a code of its own, and only that of the newest counts (one verifier per challenge).
import type { Delivery } from './deliveries.store';

/** @returns the beginning of the hand-over that made earlier codes void; null while all codes sent are the same */
export function codesVoidBefore(
  deliveries: readonly Delivery[],
  isService: (provider: string) => boolean,
): Date | null {
  const accepted = deliveries
    .filter(({ provider, providerId }) => provider !== null && providerId !== null)
    .sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
  let voidBefore: Date | null = null;
  let code: string | undefined;
  for (const { provider, providerId, createdAt } of accepted) {
    const carried = provider !== null && isService(provider) ? `${provider} ${providerId}` : 'ours';
    if (code !== undefined && code !== carried) voidBefore = createdAt;
    code = carried;
  }
  return voidBefore;
}
