import { loadConfig } from '../config/load-config';
import { ThrottlingConfig } from './throttling.config';

describe('configuration of limits (A95)', () => {
  const load = (variables: Record<string, string>) => loadConfig([ThrottlingConfig], variables).get(ThrottlingConfig);

  it('widens defaults a hundred times in development and takes explicit values as they are', () => {
    const config = load({ NODE_ENV: 'development', LIMIT_SESSION: '5/1m' });
    expect(config.LIMIT_UNAUTHENTICATED.windows).toEqual([{ count: 6000, seconds: 60 }]);
    expect(config.LIMIT_SESSION.windows).toEqual([{ count: 5, seconds: 60 }]);
    expect(load({ NODE_ENV: 'production' }).LIMIT_UNAUTHENTICATED.windows).toEqual([{ count: 60, seconds: 60 }]);
  });

  it('refuses a limit that is off in production', () => {
    expect(() => load({ NODE_ENV: 'production', LIMIT_STATUS: 'off' })).toThrow(/LIMIT_STATUS/);
  });
});
