// The bound on labels, and what a scrape does with a gauge that cannot be read.
import { Metrics } from './metrics';

const lines = async (metrics: Metrics, name: string): Promise<string[]> =>
  (await metrics.text()).split('\n').filter((line) => line.startsWith(name));

describe('Metrics', () => {
  it('counts what has too many labels under one, and keeps counting what it knows', async () => {
    const metrics = new Metrics();
    const count = metrics.counter({ name: 'latchkey_probe_total', help: 'probe', labels: ['who'] });
    for (let n = 0; n < 2500; n += 1) count({ who: `n${n}` });
    count({ who: 'n0' });
    const found = await lines(metrics, 'latchkey_probe_total');
    expect(found).toHaveLength(2001);
    expect(found).toEqual(
      expect.arrayContaining(['latchkey_probe_total{who="n0"} 2', 'latchkey_probe_total{who="other"} 500']),
    );
  });

  it('begins a series at 0 where that is asked for, so that its first event is an increase', async () => {
    const metrics = new Metrics();
    const count = metrics.counter({ name: 'latchkey_probe_total', help: 'probe', labels: ['who'] });
    count({ who: 'a' }, 0);
    expect(await lines(metrics, 'latchkey_probe_total')).toEqual(['latchkey_probe_total{who="a"} 0']);
    count({ who: 'a' });
    expect(await lines(metrics, 'latchkey_probe_total')).toEqual(['latchkey_probe_total{who="a"} 1']);
  });

  it('leaves a gauge empty that cannot be read, counts that, and tells the others', async () => {
    const metrics = new Metrics();
    metrics.gauge({ name: 'latchkey_broken', help: 'probe', labels: ['a'] }, () => Promise.reject(new Error('away')));
    metrics.gauge({ name: 'latchkey_whole', help: 'probe', labels: ['a'] }, () => [{ labels: { a: 'x' }, value: 3 }]);
    await metrics.text();
    expect(await lines(metrics, 'latchkey_broken')).toEqual([]);
    expect(await lines(metrics, 'latchkey_whole')).toEqual(['latchkey_whole{a="x"} 3']);
    expect(await lines(metrics, 'latchkey_scrape_failures_total{')).toEqual([
      expect.stringMatching(/^latchkey_scrape_failures_total\{series="latchkey_broken"\} [1-9]$/),
      'latchkey_scrape_failures_total{series="latchkey_whole"} 0',
    ]);
  });

  it('forgets readings that are gone', async () => {
    const metrics = new Metrics();
    const now = [{ labels: { a: 'x' }, value: 1 }];
    metrics.gauge({ name: 'latchkey_going', help: 'probe', labels: ['a'] }, () => now.splice(0));
    expect(await lines(metrics, 'latchkey_going')).toHaveLength(1);
    expect(await lines(metrics, 'latchkey_going')).toEqual([]);
  });
});
