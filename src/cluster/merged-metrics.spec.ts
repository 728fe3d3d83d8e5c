import { Metrics } from '../platform/metrics/metrics';
import { mergePages } from './merged-metrics';

async function pageOf(process: string, path: string): Promise<{ process: string; text: string }> {
  const metrics = new Metrics();
  metrics.counter({ name: 'latchkey_a_total', help: 'a', labels: ['path'] })({ path });
  metrics.durations({ name: 'latchkey_b_seconds', help: 'b', labels: [] }, [0.1])({}, 1);
  return { process, text: await metrics.text() };
}

it('every sample says whose it is, whatever stands in its labels, and a series is described once', async () => {
  const merged = mergePages([await pageOf('1', '/x'), await pageOf('2', '/y} 7')]);
  expect(merged.split('\n').filter((line) => line.startsWith('latchkey_a_total'))).toEqual([
    'latchkey_a_total{path="/x",process="1"} 1',
    'latchkey_a_total{path="/y} 7",process="2"} 1',
  ]);
  expect(merged).toContain('latchkey_b_seconds_bucket{le="0.1",process="1"} 0');
  expect(merged).toContain('latchkey_b_seconds_sum{process="2"} 1');
  expect(merged.match(/^# TYPE latchkey_a_total counter$/gm)).toHaveLength(1);
  expect(merged.match(/^# HELP latchkey_b_seconds b$/gm)).toHaveLength(1);
});
