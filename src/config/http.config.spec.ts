import { HttpConfig } from './http.config';
import { ConfigError, loadConfig } from './load-config';

const production = { NODE_ENV: 'production', PUBLIC_URL: 'https://id.example.com' };

function problems(variables: Record<string, string>): string[] {
  try {
    loadConfig([HttpConfig], variables);
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map(({ key }) => key);
  }
}

describe('the HTTP configuration (A95)', () => {
  it('binds loopback in development and every interface in production; docs are for development', () => {
    const load = (variables: Record<string, string>) => loadConfig([HttpConfig], variables).get(HttpConfig);
    expect(load({ NODE_ENV: 'development' })).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 3000,
      API_DOCS: true,
      TRUSTED_PROXIES: [],
      CORS_ORIGINS: [],
    });
    expect(load(production)).toMatchObject({ HOST: '0.0.0.0', API_DOCS: false });
    expect(load({ ...production, API_DOCS: 'true' }).API_DOCS).toBe(true);
  });

  it.each(['true', '1', '*', '0.0.0.0/0', '::/0', '10.0.0.0/33', '10.0.0.0/8/8', 'loopback', '10.0.0.0/'])(
    'refuses to trust %s as a proxy',
    (value) => expect(problems({ NODE_ENV: 'development', TRUSTED_PROXIES: value })).toEqual(['TRUSTED_PROXIES']),
  );

  it('trusts addresses and ranges', () => {
    expect(problems({ ...production, TRUSTED_PROXIES: '10.0.0.1, 10.0.0.0/8, fd00::/8, ::1' })).toEqual([]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['without PUBLIC_URL', { NODE_ENV: 'production' }, 'PUBLIC_URL'],
    ['with a plain http PUBLIC_URL', { ...production, PUBLIC_URL: 'http://id.example.com' }, 'PUBLIC_URL'],
    ['with a path in PUBLIC_URL', { ...production, PUBLIC_URL: 'https://id.example.com/x' }, 'PUBLIC_URL'],
    ['with CORS for everybody', { ...production, CORS_ORIGINS: '*' }, 'CORS_ORIGINS'],
    ['with something else than origins', { ...production, CORS_ORIGINS: 'app.example.com' }, 'CORS_ORIGINS'],
  ])('refuses to start production %s', (_, variables, key) => {
    expect(problems(variables)).toEqual([key]);
  });
});
