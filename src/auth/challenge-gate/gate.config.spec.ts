import { loadConfig } from '../../config/load-config';
import { GateConfig } from './gate.config';

const load = (variables: Record<string, string>) => loadConfig([GateConfig], variables).get(GateConfig);
const production = { NODE_ENV: 'production', CHALLENGE_GATE: 'always' };
const turnstile = { ...production, CHALLENGE_GATE_KIND: 'turnstile', TURNSTILE_SITE_KEY: 'site' };
const hcaptcha = { ...production, CHALLENGE_GATE_KIND: 'hcaptcha', HCAPTCHA_SITE_KEY: 'site' };

describe('configuration of the gate (A95)', () => {
  it('there is none unless one is asked for, whatever keys there are', () => {
    expect(load({ NODE_ENV: 'production', CHALLENGE_GATE_KIND: 'turnstile' }).CHALLENGE_GATE).toBe('off');
  });

  it('a vendor needs both its keys', () => {
    expect(() => load({ ...production, CHALLENGE_GATE_KIND: 'turnstile' })).toThrow(
      /TURNSTILE_SITE_KEY[^]*TURNSTILE_SECRET_KEY/,
    );
    expect(() => load({ ...production, CHALLENGE_GATE_KIND: 'hcaptcha' })).toThrow(
      /HCAPTCHA_SITE_KEY[^]*HCAPTCHA_SECRET_KEY/,
    );
    expect(load({ ...turnstile, TURNSTILE_SECRET_KEY: 'one of ours' }).TURNSTILE_BASE_URL).toBe(
      'https://challenges.cloudflare.com',
    );
    expect(load({ ...hcaptcha, HCAPTCHA_SECRET_KEY: 'one of ours' }).HCAPTCHA_BASE_URL).toBe(
      'https://api.hcaptcha.com',
    );
  });

  it('production takes no key that is published for tests, no http and no puzzle that is none', () => {
    for (const digit of ['1', '2', '3']) {
      const dummy = { TURNSTILE_SECRET_KEY: `${digit}x${'0'.repeat(31)}AA` };
      expect(() => load({ ...turnstile, ...dummy })).toThrow(/TURNSTILE_SECRET_KEY/);
      expect(load({ ...turnstile, ...dummy, NODE_ENV: 'development' }).CHALLENGE_GATE).toBe('always');
    }
    expect(() => load({ ...hcaptcha, HCAPTCHA_SECRET_KEY: `0x${'0'.repeat(40)}` })).toThrow(/HCAPTCHA_SECRET_KEY/);
    const clear = { HCAPTCHA_SECRET_KEY: 'one of ours', HCAPTCHA_BASE_URL: 'http://vendor.example' };
    expect(() => load({ ...hcaptcha, ...clear })).toThrow(/HCAPTCHA_BASE_URL/);
    expect(() => load({ ...production, CHALLENGE_GATE_DIFFICULTY: '13' })).toThrow(/CHALLENGE_GATE_DIFFICULTY/);
  });
});
