import { inspect } from 'node:util';
import { ConfigError, loadConfig } from '../config/load-config';
import { MailConfig } from './mail.config';

const development = { NODE_ENV: 'development' };
const production = { NODE_ENV: 'production', MAIL_FROM: 'no-reply@example.com' };

function load(variables: Record<string, string>): MailConfig {
  return loadConfig([MailConfig], variables).get(MailConfig);
}

function problems(variables: Record<string, string>): string[] {
  try {
    load(variables);
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map(({ key }) => key);
  }
}

describe('the mail configuration (A95)', () => {
  it('sends no mail unless it is told by which relay', () => {
    expect(load(development).relay).toBeUndefined();
    expect(load({ NODE_ENV: 'production' }).relay).toBeUndefined();
  });

  it.each([
    ['smtps://smtp.example.com', 'tls', 465],
    ['smtp://smtp.example.com', 'starttls', 587],
    ['smtp://smtp.example.com:25', 'starttls', 25],
    ['smtp://127.0.0.1:3025', 'starttls', 3025],
    ['smtp://localhost', 'starttls', 587],
  ])('production speaks to %s by %s on port %i', (SMTP_URL, security, port) => {
    expect(load({ ...production, SMTP_URL }).relay).toMatchObject({ security, port });
  });

  it.each(['127.0.0.1', 'localhost', '[::1]'])('development may speak to %s in the clear, and to no other', (host) => {
    expect(load({ ...development, SMTP_URL: `smtp://${host}:3025` }).relay?.security).toBe('none');
    expect(load({ ...development, SMTP_URL: 'smtp://127.0.0.1.example.com' }).relay?.security).toBe('starttls');
  });

  it('decodes user and password, and shows neither', () => {
    const config = load({ ...production, SMTP_URL: 'smtps://us%40er:p%2Fss@smtp.example.com' });
    expect([config.relay?.login?.user, config.relay?.login?.pass.reveal()]).toEqual(['us@er', 'p/ss']);
    expect([inspect(config), JSON.stringify(config)].join()).not.toMatch(/p(\/|%2F)ss/);
  });

  it.each([
    'https://smtp.example.com',
    'smtp.example.com:587',
    'smtps://',
    'smtps://smtp.example.com/path',
    'smtps://smtp.example.com?tls.rejectUnauthorized=false',
    'smtps://smtp.example.com#x',
    'smtps://user@smtp.example.com',
    'smtps://:password@smtp.example.com',
    'smtps://user:%zz@smtp.example.com',
  ])('refuses %s', (SMTP_URL) => {
    expect(problems({ ...production, SMTP_URL })).toEqual(['SMTP_URL']);
  });

  it.each([
    ['no-reply@example.com', '', 'no-reply@example.com'],
    ['Example Accounts <No-Reply@Example.com>', 'Example Accounts', 'no-reply@example.com'],
  ])('takes %s for whom mail is from', (MAIL_FROM, name, address) => {
    expect(load({ ...development, MAIL_FROM }).from).toEqual({ name, address });
  });

  it.each(['Example', 'a@b', 'A <a@example.com> B', 'A\r\nBcc: b@example.com <a@example.com>', '<a@example.com'])(
    'A63: refuses %j for it',
    (MAIL_FROM) => expect(problems({ ...development, MAIL_FROM })).toEqual(['MAIL_FROM']),
  );

  it('wants to know it where mail is sent in production', () => {
    expect(problems({ NODE_ENV: 'production', SMTP_URL: 'smtps://smtp.example.com' })).toEqual(['MAIL_FROM']);
  });
});
