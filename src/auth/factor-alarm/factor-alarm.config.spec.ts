import { loadConfig } from '../../config/load-config';
import { FactorAlarmConfig } from './factor-alarm.config';

const load = (variables: Record<string, string>) => loadConfig([FactorAlarmConfig], variables).get(FactorAlarmConfig);

describe('configuration of the alarm (A95)', () => {
  it('is that of security.md 5.4 in production, and a hundred times wider in development', () => {
    const config = load({ NODE_ENV: 'production' });
    expect([config.window, config.FACTOR_ALARM_PERCENT]).toEqual([{ count: 100, seconds: 600 }, 50]);
    expect(load({ NODE_ENV: 'development' }).window).toEqual({ count: 10_000, seconds: 600 });
  });

  it('has one window, and is not off in production', () => {
    expect(() => load({ NODE_ENV: 'production', FACTOR_ALARM: '10/1m,100/1h' })).toThrow(/FACTOR_ALARM/);
    expect(() => load({ NODE_ENV: 'production', FACTOR_ALARM: 'off' })).toThrow(/FACTOR_ALARM/);
    expect(load({ NODE_ENV: 'development', FACTOR_ALARM: 'off' }).window).toBeUndefined();
  });
});
