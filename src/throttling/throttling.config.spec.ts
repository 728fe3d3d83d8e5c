import { loadConfig } from '../config/load-config';
import { RedisConfig } from './redis.config';
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

  const half = ['redis://:half%a@h', 'redis://u%zz@h', 'redis://:bytes%ff@h', 'redis://u:12?34@h', 'redis://u:12#34@h'];
  it.each(['localhost:6379', 'http://127.0.0.1:6379', 'redis:///', 'redis://h/other', 'nonsense', ...half])(
    'refuses %s as the address of Redis, without repeating it',
    (address) => {
      const start = () => loadConfig([RedisConfig], { NODE_ENV: 'production', REDIS_URL: address });
      expect(start).toThrow(/REDIS_URL/);
      expect(start).not.toThrow(address);
    },
  );

  it.each(['redis://127.0.0.1', 'rediss://user:p%40ss@cache.example.com:6380/2'])('takes %s', (address) => {
    const config = loadConfig([RedisConfig], { NODE_ENV: 'production', REDIS_URL: address }).get(RedisConfig);
    expect(config.REDIS_URL?.reveal()).toBe(address);
  });
});
