// V8 names no flag, but a tag that is made of all of them. Of another V8 than those of Node 20 and Node 24 none is touched.
import { cachedDataVersionTag } from 'node:v8';
import { endLightStart, startLightly } from './light-start';

const own = cachedDataVersionTag();
const isTouched = ['20', '24'].includes(process.versions.node.split('.')[0] ?? '');

beforeEach(() => {
  jest.useFakeTimers();
  startLightly();
});
afterEach(() => {
  endLightStart();
  jest.useRealTimers();
});

it('V8 works otherwise while a program starts, and by itself as soon as it is told so', () => {
  expect(cachedDataVersionTag() !== own).toBe(isTouched);
  endLightStart();
  expect(cachedDataVersionTag()).toBe(own);
});

it('a program that tells of no end of its start is not held to it, one that has to wait for the machine is', () => {
  const cpu = jest.spyOn(process, 'cpuUsage');
  cpu.mockReturnValue({ user: 499_000, system: 500_000 });
  jest.advanceTimersByTime(60_000);
  expect(cachedDataVersionTag() !== own).toBe(isTouched);
  cpu.mockReturnValue({ user: 500_000, system: 500_000 });
  jest.advanceTimersByTime(100);
  expect(cachedDataVersionTag()).toBe(own);
});
