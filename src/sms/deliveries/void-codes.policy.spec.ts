import type { Delivery } from './deliveries.types';
import { codesVoidBefore } from './void-codes.policy';

const isService = (provider: string) => provider.startsWith('service');
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

function handOver(minute: number, provider: string | null, providerId: string | null): Delivery {
  const common = { id: String(minute), status: 'sent', failureKind: null, send: minute } as const;
  return { ...common, provider, providerId, createdAt: at(minute), updatedAt: at(minute) };
}

describe('since when earlier codes are void', () => {
  it.each<[string, Delivery[], number | null]>([
    ['one message', [handOver(1, 'a', 'm1')], null],
    ['our code on two vendors', [handOver(2, 'b', 'm2'), handOver(1, 'a', 'm1')], null],
    ['a resend of one verification', [handOver(2, 'service', 'v1'), handOver(1, 'service', 'v1')], null],
    ['a second verification', [handOver(2, 'service', 'v2'), handOver(1, 'service', 'v1')], 2],
    ['a service after our code', [handOver(2, 'service', 'v1'), handOver(1, 'a', 'm1')], 2],
    [
      'our code after a service, and again',
      [handOver(3, 'b', 'm3'), handOver(2, 'a', 'm2'), handOver(1, 'service', 'v1')],
      2,
    ],
    ['a decoy’s second verification', [handOver(2, null, 'v2'), handOver(1, null, 'v1')], 2],
    ['a decoy’s resend of one', [handOver(2, null, 'v1'), handOver(1, null, 'v1')], null],
    [
      'hand-overs that no vendor took',
      [handOver(3, 'service', null), handOver(2, null, null), handOver(1, 'a', 'm1')],
      null,
    ],
  ])('after %s', (_, newestFirst, minute) => {
    expect(codesVoidBefore(newestFirst, isService, false)).toEqual(minute === null ? null : at(minute));
  });

  it('F13: after a service that checks now, and has confirmed nothing: since it was asked, if there was a code before', () => {
    const doubtful = [handOver(3, 'b', null), handOver(2, 'service', null)];
    expect(codesVoidBefore([...doubtful, handOver(1, 'a', 'm1')], isService, true)).toEqual(at(2));
    expect(codesVoidBefore(doubtful, isService, true)).toBeNull();
    const decoys: Delivery[] = [{ ...handOver(2, null, null), status: 'queued' }, handOver(1, null, 'v1')];
    expect(codesVoidBefore(decoys, isService, true)).toEqual(at(2));
  });
});
