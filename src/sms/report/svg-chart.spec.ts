import { escaped, lines, stackedBars } from './svg-chart';

const steps = [0, 1, 2, 3].map((hour) => new Date(Date.UTC(2026, 0, 1, hour)));
const chart = (...values: (number | null)[][]) => ({
  title: 'T',
  label: (value: number) => `${value} x`,
  steps,
  series: values.map((one, at) => ({ name: `s${at}`, values: one })),
});
const attributes = (svg: string, name: string) =>
  [...svg.matchAll(new RegExp(`<rect[^>]* ${name}="([\\d.]+)"`, 'g'))].map(([, value]) => Number(value));

it('stacks the bars of a step upon each other, in proportion, and draws none for nothing', () => {
  const svg = stackedBars(chart([1, 0, null, 2], [3, 0, 1, 2]));
  expect(attributes(svg, 'height')).toEqual([50, 150, 50, 100, 100]);
  // From the bottom of the drawing, 212, upwards.
  expect(attributes(svg, 'y')).toEqual([162, 12, 162, 112, 12]);
  expect(svg).toContain('<title>2026-01-01 03:00 s1: 2 x</title>');
  expect(svg).toContain('>4 x</text>');
});

it('goes at least as far as it is told, and stands without any value', () => {
  expect(attributes(stackedBars(chart([1, 0, 0, 0]), 4), 'height')).toEqual([50]);
  for (const svg of [stackedBars(chart()), stackedBars(chart([0, 0, 0, 0])), lines({ ...chart(), steps: [] }, 1)]) {
    expect(svg).not.toMatch(/NaN|Infinity|undefined|<rect/);
  }
});

it('breaks a line where a step has no value', () => {
  const svg = lines(chart([0, 1, null, 0.5]), 1);
  expect(/<path class="l0" d="([^"]*)"/.exec(svg)?.[1]).toBe('M176 212L400 12M848 112');
  expect(svg.match(/<circle /g)).toHaveLength(3);
});

it('lets nothing through as markup', () => {
  const nasty = `<script>"&'`;
  expect(escaped(nasty)).toBe('&lt;script&gt;&quot;&amp;&#39;');
  const svg = stackedBars({
    ...chart(),
    title: nasty,
    label: () => nasty,
    series: [{ name: nasty, values: [1, 1, 1, 1] }],
  });
  expect(svg).not.toContain('<script');
  expect(svg).not.toContain('="<');
});
