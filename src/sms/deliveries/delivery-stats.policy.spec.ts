import { periodOf, ratesOf, stepSecondsOf, totalOf } from './delivery-stats.policy';
import type { DeliveryCounts } from './delivery-stats.types';

const nothing: DeliveryCounts = {
  ...{ handOvers: 0, accepted: 0, delivered: 0, undelivered: 0, converted: 0, wasted: 0, segments: 0, unpriced: 0 },
  cost: {},
};
const NOW = new Date('2026-03-31T12:00:00Z');
const before = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);

it('a rate is of what is known, and none where nothing is', () => {
  expect(ratesOf(nothing)).toEqual({ acceptanceRate: null, deliveryRate: null, conversionRate: null });
  const counts = { ...nothing, handOvers: 10, accepted: 9, delivered: 2, undelivered: 1, converted: 0, wasted: 4 };
  expect(ratesOf(counts)).toEqual({ acceptanceRate: 0.9, deliveryRate: 0.667, conversionRate: 0 });
});

it('a total has the sums, rates of the sums, and each currency by itself', () => {
  const [one, other] = [
    { ...nothing, handOvers: 1, accepted: 1, delivered: 1, cost: { USD: 0.1, EUR: 3 } },
    { ...nothing, handOvers: 3, accepted: 1, undelivered: 1, unpriced: 1, cost: { USD: 0.2 } },
  ];
  expect(totalOf([one, other])).toMatchObject({
    ...{ handOvers: 4, accepted: 2, acceptanceRate: 0.5, deliveryRate: 0.5, unpriced: 1 },
    cost: { USD: 0.3, EUR: 3 },
  });
  expect(totalOf([])).toMatchObject({ ...nothing, acceptanceRate: null });
});

it('a period is the last week unless told, and at most 90 days', () => {
  expect(periodOf(undefined, undefined, NOW)).toEqual({ from: before(7), to: NOW });
  expect(periodOf(undefined, before(30), NOW)).toEqual({ from: before(37), to: before(30) });
  expect(periodOf(before(90), undefined, NOW)).toBeDefined();
  expect(periodOf(before(90.001), undefined, NOW)).toBeUndefined();
  expect(periodOf(before(1), before(1), NOW)).toBeUndefined();
  expect(periodOf(before(1), before(2), NOW)).toBeUndefined();
});

it.each([
  [0.01, 300],
  [0.69, 300],
  [0.7, 900],
  [7, 3600],
  [9, 21_600],
  [50, 21_600],
  [51, 86_400],
  [90, 86_400],
])('%d days are cut into steps of %d s', (days, seconds) => {
  expect(stepSecondsOf({ from: before(days), to: NOW })).toBe(seconds);
});
