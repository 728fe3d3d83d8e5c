import { InProcessStorage } from '../../src/throttling/in-process.storage';
import { describeThrottleStorage, MovedClock } from './throttle-storage.contract';

describeThrottleStorage('the in-process storage', () => {
  const clock = new MovedClock();
  return { storage: new InProcessStorage(clock), advance: (seconds) => clock.advance(seconds) };
});

it('forgets the least recently seen keys instead of growing without bound', async () => {
  const storage = new InProcessStorage(new MovedClock());
  await storage.increment('first', 60_000, 1);
  for (let n = 0; n < 100_000; n += 1) await storage.increment(`k${n}`, 60_000, 1);
  expect(await storage.spentFor('first', 1)).toBe(0);
  expect(await storage.spentFor('k99999', 1)).toBe(60);
});
