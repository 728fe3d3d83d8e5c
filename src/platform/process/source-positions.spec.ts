// A stack trace is what is left of a bug that nobody saw happen.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nameSources } from './source-positions';

/** Line 2 of the compiled file is line 7 of the second source; line 1 is of none. */
const lines = Buffer.from(Uint32Array.of(0, 0, 1, 7).buffer);
const sources = JSON.stringify(['../src/other.ts', '../src/thing.ts']);

describe('nameSources', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-positions-'));
    nameSources('made.js', folder);
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  /** As V8 asks for it. */
  const told = (error: Error): string[] => {
    const frames = [
      'new Thing (made.js:2:3)',
      'Other.run (/app/made.js:2:3)',
      'made.js:1:9',
      'made.js:3:1',
      'node:internal/timers:573:17',
    ];
    const calls = frames.map((text) => ({ toString: () => text })) as unknown as NodeJS.CallSite[];
    return String(Error.prepareStackTrace?.(error, calls)).split('\n');
  };

  it('names the line of the source, and leaves every other file as it is', () => {
    writeFileSync(join(folder, 'made.js.lines'), lines);
    writeFileSync(join(folder, 'made.js.sources'), sources);
    expect(told(new TypeError('broken'))).toEqual([
      'TypeError: broken',
      `    at new Thing (${join(folder, '../src/thing.ts')}:7)`,
      '    at Other.run (/app/made.js:2:3)',
      '    at made.js:1:9',
      '    at made.js:3:1',
      '    at node:internal/timers:573:17',
    ]);
  });

  it('tells what it knows where there is no table', () => {
    expect(told(new Error('broken'))[1]).toBe('    at new Thing (made.js:2:3)');
  });

  it('has a stack even for an error that cannot be told', () => {
    const error = new Error('x');
    Object.defineProperty(error, 'message', {
      get: () => {
        throw new Error('again');
      },
    });
    expect(told(error)[0]).toBe('Error');
  });
});
