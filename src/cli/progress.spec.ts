import { Clock } from '../platform/clock/clock';
import { Progress } from './progress';

const MIB = 1024 * 1024;

class MovedClock extends Clock {
  seconds = 0;
  override now(): Date {
    return new Date(this.seconds * 1000);
  }
}

/** What a command of these steps writes to stderr. @param steps seconds and MiB done of ten */
function written(isTTY: boolean, steps: readonly (readonly [seconds: number, done: number])[]): string {
  const was = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY');
  Object.defineProperty(process.stderr, 'isTTY', { value: isTTY, configurable: true });
  const said: string[] = [];
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  try {
    const clock = new MovedClock();
    const progress = new Progress(clock);
    for (const [seconds, done] of steps) {
      clock.seconds = seconds;
      progress.at({ done: done * MIB, total: 10 * MIB, note: `${done} people` });
    }
    progress.end();
  } finally {
    write.mockRestore();
    Object.defineProperty(process.stderr, 'isTTY', was ?? { value: undefined, configurable: true });
  }
  return said.join('');
}

describe('how far a long command has come', () => {
  it('is a line every five seconds at most, and one at the end, where nobody watches', () => {
    const steps = [
      [0, 1],
      [1, 2],
      [4.9, 3],
      [5, 4],
      [6, 10],
    ] as const;
    expect(written(false, steps).split('\n')).toEqual([
      '1.0 of 10.0 MiB, 1 people',
      '4.0 of 10.0 MiB, 4 people',
      '10.0 of 10.0 MiB, 10 people',
      '',
    ]);
  });

  it('is a bar on a terminal, which gets its cursor back', () => {
    const text = written(true, [
      [0, 0],
      [1, 4],
    ]);
    expect(text).toMatch(/40 % \| 4 people/);
    expect(text.lastIndexOf('\u001b[?25h')).toBeGreaterThan(text.lastIndexOf('\u001b[?25l'));
  });

  it('is nothing for a command that had nothing to do', () => {
    expect(written(true, [])).toBe('');
  });
});
