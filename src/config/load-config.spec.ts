import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigSlice, Environment, Problem } from './config-slice';
import { EnvInt, EnvSecret, EnvString } from './fields';
import { EnvLimit, Limit } from './limit';
import { ConfigError, loadConfig } from './load-config';
import { Secret } from './secret';

class Slice extends ConfigSlice {
  @EnvInt({ min: 1, max: 9 }) FIRST: number = 1;
  @EnvInt({ min: 1, max: 9 }) SECOND: number = 2;
  @EnvSecret({ minLength: 4 }) THIRD?: Secret;
  @EnvLimit('10/1h') FOURTH!: Limit;
  @EnvLimit('10/1h', { days: 7 }) FIFTH!: Limit;

  override problems({ production }: Environment): Problem[] {
    return production && this.SECOND < 5 ? [{ key: 'SECOND', reason: 'must be at least 5 in production' }] : [];
  }
}

class OtherSlice extends ConfigSlice {
  @EnvString() SIXTH?: string;
}

function problemsOf(variables: Record<string, string>): string[] {
  try {
    loadConfig([Slice, OtherSlice], variables);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ key, reason }) => `${key} ${reason}`);
  }
}

describe('loading configuration', () => {
  it('reports wrong values and cross-checks of one slice together', () => {
    expect(problemsOf({ NODE_ENV: 'production', FIRST: 'x' })).toEqual([
      'FIRST must be a whole number from 1 to 9',
      'SECOND must be at least 5 in production',
    ]);
  });

  it('never shows a value', () => {
    const said = problemsOf({ NODE_ENV: 'Production', FIRST: 'hunter2', THIRD: 'abc' }).join();
    expect(said).toContain('NODE_ENV');
    expect(said).toContain('THIRD must have at least 4 characters');
    expect(said).not.toMatch(/hunter2|abc/);
  });

  it.each(['1e1', '0x1', ' 1', '1.0', '-1', '10'])('takes %p for no whole number from 1 to 9', (text) => {
    expect(problemsOf({ NODE_ENV: 'development', FIRST: text })).toHaveLength(1);
  });

  it('takes no window of a limit that is longer than what it counts by is kept', () => {
    const wide = { FOURTH: '2/48h,1/2d', FIFTH: '3/7d' };
    expect(problemsOf({ NODE_ENV: 'development', ...wide })).toEqual([]);
    expect(problemsOf({ NODE_ENV: 'development', FOURTH: '10/1h,20/49h', FIFTH: '3/8d' })).toEqual([
      'FOURTH must look like 10/1h,40/1d (units s m h d, at most 2d) or off',
      'FIFTH must look like 10/1h,40/1d (units s m h d, at most 7d) or off',
    ]);
  });

  describe('from the file that <KEY>_FILE names', () => {
    const folder = mkdtempSync(join(tmpdir(), 'load-config-'));
    const file = join(folder, 'setting');
    const variables = { NODE_ENV: 'development', THIRD_FILE: file, SIXTH_FILE: file };
    beforeAll(() => writeFileSync(file, 'of a file\n'));
    afterAll(() => rmSync(folder, { recursive: true }));

    it('takes a secret, and no setting that is none', () => {
      const config = loadConfig([Slice, OtherSlice], variables);
      expect(config.get(Slice).THIRD?.reveal()).toBe('of a file');
      expect(config.get(OtherSlice).SIXTH).toBeUndefined();
    });

    it('takes every setting of a vendor', () => {
      const config = loadConfig([Slice], variables, [OtherSlice]);
      expect(config.get(OtherSlice).SIXTH).toBe('of a file');
    });

    it('takes none where the setting itself is given', () => {
      const config = loadConfig([], { ...variables, SIXTH: 'given' }, [OtherSlice]);
      expect(config.get(OtherSlice).SIXTH).toBe('given');
    });
  });

  it('says once that a file of a secret cannot be read, however many slices there are', () => {
    expect(problemsOf({ NODE_ENV: 'development', THIRD_FILE: '/nowhere/secret' })).toEqual([
      'THIRD_FILE names a file that cannot be read',
    ]);
  });

  it('counts empty text as not set', () => {
    expect(loadConfig([Slice], { NODE_ENV: 'development', FIRST: '' }).get(Slice).FIRST).toBe(1);
  });
});
