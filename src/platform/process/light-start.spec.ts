// V8 names no flag, but a tag that is made of all of them.
import { cachedDataVersionTag } from 'node:v8';
import { endLightStart, startLightly } from './light-start';

const own = cachedDataVersionTag();

beforeEach(() => {
  jest.useFakeTimers();
  startLightly();
});
afterEach(() => {
  endLightStart();
  jest.useRealTimers();
});

it('V8 works otherwise while a program starts, and by itself as soon as it is told so', () => {
  expect(cachedDataVersionTag()).not.toBe(own);
  endLightStart();
  expect(cachedDataVersionTag()).toBe(own);
});

it('a program that tells of no end of its start is not held to it', () => {
  jest.advanceTimersByTime(1000);
  expect(cachedDataVersionTag()).toBe(own);
});
