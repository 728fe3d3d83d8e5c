import { latestUsed } from './latest-used';

it('keeps as many as it may, those that were used last', () => {
  const kept = latestUsed<{ readonly name: string }>(2);
  for (const name of ['a', 'b']) kept.set(name, { name });
  kept.get('a');
  kept.set('c', { name: 'c' });
  expect([...kept.keys()].sort()).toEqual(['a', 'c']);
});

it('has laid nothing out for what may never come', () => {
  const before = process.memoryUsage().rss;
  const kept = Array.from({ length: 4 }, () => latestUsed(1_000_000));
  expect(process.memoryUsage().rss - before).toBeLessThan(30_000_000);
  expect(kept).toHaveLength(4);
});
