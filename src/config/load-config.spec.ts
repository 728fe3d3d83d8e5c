import { ConfigSlice, Environment, Problem } from './config-slice';
import { EnvInt, EnvSecret } from './fields';
import { ConfigError, loadConfig } from './load-config';
import { Secret } from './secret';

class Slice extends ConfigSlice {
  @EnvInt({ min: 1, max: 9 }) FIRST: number = 1;
  @EnvInt({ min: 1, max: 9 }) SECOND: number = 2;
  @EnvSecret({ minLength: 4 }) THIRD?: Secret;

  override problems({ production }: Environment): Problem[] {
    return production && this.SECOND < 5 ? [{ key: 'SECOND', reason: 'must be at least 5 in production' }] : [];
  }
}

function problemsOf(variables: Record<string, string>): string[] {
  try {
    loadConfig([Slice], variables);
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

  it('counts empty text as not set', () => {
    expect(loadConfig([Slice], { NODE_ENV: 'development', FIRST: '' }).get(Slice).FIRST).toBe(1);
  });
});
