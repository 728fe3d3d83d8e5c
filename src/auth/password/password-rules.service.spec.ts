import { ProductConfig } from '../../config/product.config';
import { PhoneNumber } from '../../platform/phone/phone-number';
import { PublicUrl } from '../../platform/request/public-url';
import { BreachedPasswords } from './breached-passwords.service';
import { PasswordRulesService } from './password-rules.service';
import { PasswordConfig } from './password.config';

const publicUrl = new PublicUrl();
publicUrl.set('https://accounts.example.org');
const product = Object.assign(new ProductConfig(), { APP_NAME: 'Blue Door' });
const config = new PasswordConfig();
/** No list is configured, so nothing else of it is touched. */
const notAsked = new BreachedPasswords(
  ...([undefined, config] as unknown as ConstructorParameters<typeof BreachedPasswords>),
);
const service = new PasswordRulesService(config, product, publicUrl, notAsked);
const phone = PhoneNumber.parse('+12025550123', { countries: 'all' });

async function codeFor(password: string): Promise<unknown> {
  try {
    await service.demandAcceptable(password, { pointer: '/newPassword', ...(phone && { phone }) });
    return 'accepted';
  } catch (error) {
    return error;
  }
}

it.each([
  ['short', 'password_too_short'],
  ['x'.repeat(129), 'password_too_long'],
  ['unbelievable', 'password_blocklisted'],
  ['blue door', 'password_blocklisted'],
  ['bluedoor', 'password_blocklisted'],
  ['accounts.example.org', 'password_blocklisted'],
  ['2025550123', 'password_blocklisted'],
])('A50, A51: %s is %s', async (password, code) => {
  expect(await codeFor(password)).toMatchObject({ code });
});

it('names the field of text that is not well formed', async () => {
  const errors = [{ pointer: '/newPassword', code: 'ill_formed' }];
  expect(await codeFor('long enough \ud800')).toMatchObject({ code: 'validation_failed', context: { errors } });
});

it('accepts a phrase', async () => {
  expect(await codeFor('correct horse battery staple')).toBe('accepted');
});

it('reads the list with the next new password where it could not be read', async () => {
  const late = new PasswordRulesService(config, product, publicUrl, notAsked);
  const judged = () => late.demandAcceptable('unbelievable', { pointer: '/newPassword' });
  jest.doMock('@zxcvbn-ts/language-common', () => {
    throw new Error('EMFILE: too many open files');
  });
  await expect(judged()).rejects.toThrow('EMFILE');
  jest.dontMock('@zxcvbn-ts/language-common');
  await expect(judged()).rejects.toMatchObject({ code: 'password_blocklisted' });
});

// ASVS 11.4.2
it('production refuses a cost below 10, so that a dump is dear to search', () => {
  const config = Object.assign(new PasswordConfig(), { BCRYPT_COST: 9 });
  expect(config.problems({ production: true })).toHaveLength(1);
  expect(config.problems({ production: false })).toEqual([]);
});
