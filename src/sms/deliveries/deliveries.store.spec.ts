// What only waits at a vendor is on record as not called (ADR 93), on a real database.
import { randomUUID } from 'node:crypto';
import { openDatabase, type OpenDatabase } from '../../../test/support/database';
import type { Database } from '../../database/database.service';
import type { Statement } from '../../database/sql';
import { DeliveriesStore, wasOnlyWaiting } from './deliveries.store';

const NOW = new Date();

describe('a hand-over that waits', () => {
  let made: OpenDatabase;
  let store: DeliveriesStore;
  const reference = { source: 'code', id: randomUUID(), send: 1 };

  beforeAll(async () => {
    made = await openDatabase();
    const run = async ({ text }: Statement, values: readonly unknown[]) =>
      (await made.client.query(text, [...values])).rows as unknown[];
    store = new DeliveriesStore({ run } as unknown as Database);
  });
  afterAll(() => made.close());

  const begin = (isWaiting: boolean) => {
    const to = { provider: 'telnyx', phone: '+14155550100', channel: 'sms', segments: 1, expected: null } as const;
    return store.begin({ id: randomUUID(), reference, ...to, isWaiting, now: NOW });
  };
  const isWaiting = async () => (await store.of(reference.id, NOW)).map(wasOnlyWaiting);

  it('F13: is in no doubt until it is called, and in doubt from then on, whoever waits for the same besides', async () => {
    const id = await begin(true);
    expect(await isWaiting()).toEqual([true]);
    expect(await begin(false)).toBe(id);
    expect(await isWaiting()).toEqual([false]);
    // A run that others have taken over, and that does not know it yet.
    expect(await begin(true)).toBe(id);
    expect(await isWaiting()).toEqual([false]);
  });
});
