import { lastOf, scaleOf, seriesOf, stepsOf, sumOf, ticksOf } from './chart.algorithm';

const period = { from: '2026-01-01T00:02:00.000Z', to: '2026-01-01T00:15:00.000Z', stepSeconds: 300 };
const steps = stepsOf(period);
const told = [
  { at: '2026-01-01T00:00:00.000Z', vendor: 'telnyx', count: 3 },
  { at: '2026-01-01T00:10:00.000Z', vendor: 'telnyx', count: 1 },
  { at: '2026-01-01T00:10:00.000Z', vendor: 'sinch', count: 2 },
];

it('has a place for every step of the period, those in which nothing happened included', () => {
  expect(steps.map((step) => step.slice(11, 16))).toEqual(['00:00', '00:05', '00:10']);
  expect(stepsOf({ ...period, to: period.from })).toHaveLength(1);
});

it('makes a series of each name, by name, with gaps where nothing was told', () => {
  const count = seriesOf(
    steps,
    told,
    ({ vendor }) => vendor,
    (step) => step.count,
    0,
  );
  expect(count).toEqual([
    { name: 'sinch', values: [0, 0, 2] },
    { name: 'telnyx', values: [3, 0, 1] },
  ]);
  const rate = seriesOf(
    steps,
    told.slice(0, 1),
    ({ vendor }) => vendor,
    () => 0.5,
    null,
  );
  expect(rate).toEqual([{ name: 'telnyx', values: [0.5, null, null] }]);
  expect([sumOf({ name: 'x', values: [1, null, 2] }), lastOf({ name: 'x', values: [1, 2, null] })]).toEqual([3, 2]);
  expect(lastOf({ name: 'x', values: [null] })).toBeNull();
});

it('goes as far as the highest bar, by a round number, and never to nothing', () => {
  const bars = [
    { name: 'a', values: [3, 30] },
    { name: 'b', values: [4, 5] },
  ];
  expect([scaleOf(bars, 'bars', 4), ticksOf(40)]).toEqual([40, [0, 10, 20, 30, 40]]);
  expect([scaleOf([], 'bars', 4), scaleOf(bars.slice(0, 0), 'lines', 1)]).toEqual([4, 1]);
});
