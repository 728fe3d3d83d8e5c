// Since when earlier codes of a challenge are void: pure. Our own code is the same at every vendor. Each verification of a service has a
// code of its own, and only that of the newest one counts, because a challenge has one verifier.
import type { Delivery } from './deliveries.types';

/**
 * @param unconfirmed the newest service that was asked is the verifier although it has confirmed nothing, since it may have sent a code (F13)
 * @returns the beginning of the hand-over that made earlier codes void; null while all codes that were sent are the same
 */
export function codesVoidBefore(
  deliveries: readonly Delivery[],
  isService: (provider: string) => boolean,
  unconfirmed: boolean,
): Date | null {
  const oldestFirst = [...deliveries].sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
  const accepted = oldestFirst.filter(({ providerId }) => providerId !== null);
  let voidBefore: Date | null = null;
  let code: string | undefined;
  for (const { provider, providerId, createdAt } of accepted) {
    // For a decoy there is no vendor; for a service's code, a text stands for its verification.
    const carried = provider === null || isService(provider) ? `${provider} ${providerId}` : 'ours';
    if (code !== undefined && code !== carried) voidBefore = createdAt;
    code = carried;
  }
  if (!unconfirmed || code === undefined) return voidBefore;
  const doubtful = ({ provider, providerId, status }: Delivery) =>
    providerId === null && (provider === null ? status === 'queued' : isService(provider));
  return oldestFirst.findLast(doubtful)?.createdAt ?? voidBefore;
}
