import { Logger } from '@nestjs/common';
import { beatUntil } from './beats';

it.each([
  { isBegun: true, beaten: 0 },
  { isBegun: false, beaten: 1 },
])('comes at once, unless the start has done the first itself: $isBegun', async ({ isBegun, beaten }) => {
  const stop = new AbortController();
  let done = 0;
  const work = (): Promise<void> => Promise.resolve(void (done += 1));
  const beat = { name: 'probe', seconds: 60, isBegun: () => isBegun, work };
  const beating = beatUntil(stop.signal, beat, new Logger());
  stop.abort();
  await beating;
  expect(done).toBe(beaten);
});
