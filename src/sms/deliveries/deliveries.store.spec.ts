// What a run finds and leaves on the record of a hand-over (ADR 93, 95), on a real database.
import { randomUUID } from 'node:crypto';
import { openDatabase, type OpenDatabase } from '../../../test/support/database';
import type { Database } from '../../database/database.service';
import type { Statement } from '../../database/sql';
import { DeliveriesStore, OtherRun } from './deliveries.store';
import { isPaidFor, LeftOpen, wasOnlyWaiting } from './left-open.store';

const NOW = new Date();
const LATER = new Date(NOW.getTime() + 12_000);

describe('the record of a hand-over', () => {
  let made: OpenDatabase;
  let store: DeliveriesStore;
  let left: LeftOpen;
  let reference: { source: string; id: string; send: number };

  beforeAll(async () => {
    made = await openDatabase();
    const run = async ({ text }: Statement, values: readonly unknown[]) =>
      (await made.client.query(text, [...values])).rows as unknown[];
    store = new DeliveriesStore({ run } as unknown as Database);
    left = new LeftOpen({ run } as unknown as Database);
  });
  afterAll(() => made.close());
  beforeEach(() => (reference = { source: 'code', id: randomUUID(), send: 1 }));

  async function begin(as: { isWaiting?: boolean; doubted?: string; now?: Date } = {}): Promise<string> {
    const to = { provider: 'telnyx', phone: '+14155550100', channel: 'sms', segments: 1, expected: null } as const;
    const id = await store.begin({ id: randomUUID(), reference, ...to, now: NOW, ...as });
    if (id === undefined) throw new Error('it has ended');
    return id;
  }
  /** [nobody has had it, it is paid for] */
  const stands = async () =>
    (await store.of(reference.id, NOW)).flatMap((delivery) => [wasOnlyWaiting(delivery), isPaidFor(delivery)]);

  it('F13: is in no doubt until its vendor is called, and in doubt from then on', async () => {
    const id = await begin({ isWaiting: true });
    expect(await stands()).toEqual([true, false]);
    expect(await begin({ isWaiting: true })).toBe(id);
    expect(await begin()).toBe(id);
    expect(await stands()).toEqual([false, false]);
  });

  it.each([true, false])(
    'F13: is another run’s once that has called its vendor (waiting for it as well: %s)',
    async (isWaiting) => {
      const id = await begin();
      await expect(begin({ isWaiting })).rejects.toThrow(OtherRun);
      await expect(begin({ isWaiting, doubted: randomUUID() })).rejects.toThrow(OtherRun);
      expect(await begin({ doubted: id })).toBe(id);
      expect(await stands()).toEqual([false, false]);
    },
  );

  const leave = (isInDoubt: boolean, isPaid: boolean) =>
    left.leave(reference, 'telnyx', { isInDoubt, isPaid, begunAt: NOW });

  it.each([
    [false, false, [true, false]],
    [false, true, [true, true]],
    [true, false, [false, false]],
    [true, true, [false, true]],
  ])('is left as it is (in doubt: %s, paid for: %s), and a payment is used once', async (isInDoubt, isPaid, as) => {
    const id = await begin();
    if (isInDoubt) await begin({ doubted: id });
    await leave(isInDoubt, isPaid);
    expect(await stands()).toEqual(as);
    expect([await left.redeem(id), await left.redeem(id)]).toEqual([isPaid, false]);
    expect(await stands()).toEqual([as[0], false]);
    await begin({ doubted: id });
    expect(await stands()).toEqual([false, false]);
  });

  it('F13: stays in doubt when a run would mark it that others have taken over', async () => {
    await begin({ doubted: await begin() });
    await leave(false, true);
    expect(await stands()).toEqual([false, false]);
  });

  it.each([false, true])(
    'F13: stays in doubt when a run would mark it that has not begun it, but others (after it had waited: %s)',
    async (isWaiting) => {
      if (isWaiting) await begin({ isWaiting });
      await begin({ now: LATER });
      await leave(false, true);
      expect(await stands()).toEqual([false, false]);
    },
  );

  it.each([false, true])('F13: is nobody’s who does not know of the doubt (paid for: %s)', async (isPaid) => {
    await begin({ doubted: await begin() });
    await leave(true, isPaid);
    await expect(begin()).rejects.toThrow(OtherRun);
    expect(await stands()).toEqual([false, isPaid]);
  });

  it.each([
    ['not-sent', null],
    ['maybe-sent', 0.02],
  ] as const)('costs what was expected, but where it was certainly not sent: %s', async (certainty, price) => {
    const id = await begin();
    await made.client.query(
      `UPDATE sms_deliveries SET expected_price = 0.02, expected_currency = 'USD' WHERE id = $1`,
      [id],
    );
    await store.failed(id, { kind: 'unavailable', certainty }, LATER);
    const cost = 'SELECT status, expected_price::float8 AS price FROM sms_deliveries WHERE id = $1';
    expect((await made.client.query(cost, [id])).rows).toEqual([{ status: 'failed', price }]);
  });

  it('A89: that has arrived has not failed, whatever its run says later', async () => {
    const id = await begin();
    await made.client.query(`UPDATE sms_deliveries SET status = 'delivered' WHERE id = $1`, [id]);
    await store.failed(id, { kind: 'unavailable', certainty: 'maybe-sent' }, LATER);
    expect(await store.of(reference.id, NOW)).toMatchObject([{ status: 'delivered', failureKind: null }]);
  });

  it('keeps what is left of it while it is waited for once more, and nothing of it when it is sent', async () => {
    const id = await begin();
    await leave(false, true);
    await begin({ isWaiting: true });
    expect(await stands()).toEqual([true, true]);
    await store.accepted(id, 'vendor-1', NOW);
    expect(await store.of(reference.id, NOW)).toMatchObject([{ status: 'sent', failureKind: null }]);
  });
});
