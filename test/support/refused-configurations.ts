// What a production configuration may not say (A95): one change to a good one, the setting that is named, and the reason.
import { randomBytes } from 'node:crypto';

/** A value of SECRET_KEYS with one key. */
export const ring = (bytes = randomBytes(32)) => `k1:${bytes.toString('base64')}`;

const bytes = (length: number) => randomBytes(length).toString('base64');
const same = bytes(32);

const told = {
  AUDIT_WEBHOOK_URL: 'https://siem.test',
  AUDIT_WEBHOOK_SECRET: `whsec_${bytes(32)}`,
  AUDIT_WEBHOOK_EVENTS: '*',
};

type Refused = [name: string, changes: Record<string, string>, key: string, reason: RegExp];

export const REFUSED: Refused[] = [
  ['no environment is named', { NODE_ENV: '' }, 'NODE_ENV', /must be production or development/],
  ['the environment is mistyped', { NODE_ENV: 'Production' }, 'NODE_ENV', /must be production or development/],
  ['the environment is that of tests (A19)', { NODE_ENV: 'test' }, 'NODE_ENV', /must be production or development/],
  ['there are no secrets', { SECRET_KEYS: '' }, 'SECRET_KEYS', /is required/],
  ['a secret is short', { SECRET_KEYS: `k1:${bytes(31)}` }, 'SECRET_KEYS', /at least 32 bytes/],
  ['a secret is one byte', { SECRET_KEYS: 'k1:eA==' }, 'SECRET_KEYS', /at least 32 bytes/],
  [
    'a secret is an example',
    { SECRET_KEYS: ring(Buffer.from('an example secret, replace me now')) },
    'SECRET_KEYS',
    /example/,
  ],
  ['a secret is one byte again and again', { SECRET_KEYS: ring(Buffer.alloc(32, 7)) }, 'SECRET_KEYS', /example/],
  ['a secret has no key id', { SECRET_KEYS: bytes(32) }, 'SECRET_KEYS', /k1:<base64>/],
  ['two secrets have one key id', { SECRET_KEYS: `k1:${bytes(32)},k1:${bytes(32)}` }, 'SECRET_KEYS', /twice/],
  ['one secret has two key ids', { SECRET_KEYS: `k2:${same},k1:${same}` }, 'SECRET_KEYS', /twice/],
  ['a vendor is called in clear text', { TELNYX_BASE_URL: 'http://api.telnyx.com' }, 'TELNYX_BASE_URL', /https/],
  ['a vendor is the simulator', { TELNYX_BASE_URL: 'http://127.0.0.1:3001' }, 'TELNYX_BASE_URL', /https/],
  ['a vendor has no key', { TELNYX_API_KEY: '' }, 'TELNYX_API_KEY', /is required/],
  [
    'a vendor is unknown',
    { SMS_PROVIDERS: 'telnyx,carrierpigeon' },
    'SMS_PROVIDERS',
    /names carrierpigeon, none of: http/,
  ],
  ['a country is unknown', { SMS_COUNTRIES: 'US,UK' }, 'SMS_COUNTRIES', /names no country by UK/],
  ['a vendor is named twice', { SMS_PROVIDERS: 'telnyx,telnyx' }, 'SMS_PROVIDERS', /twice/],
  ['no country is chosen', { SMS_COUNTRIES: '' }, 'SMS_COUNTRIES', /is required in production/],
  ['every origin may call', { CORS_ORIGINS: '*' }, 'CORS_ORIGINS', /not \*/],
  ['every proxy is believed', { TRUSTED_PROXIES: 'true' }, 'TRUSTED_PROXIES', /addresses or CIDR/],
  ['every proxy is believed, as a range', { TRUSTED_PROXIES: '0.0.0.0/0' }, 'TRUSTED_PROXIES', /never all/],
  ['a number of proxies is believed', { TRUSTED_PROXIES: '1' }, 'TRUSTED_PROXIES', /addresses or CIDR/],
  ['the public address is missing', { PUBLIC_URL: '' }, 'PUBLIC_URL', /is required in production/],
  ['the public address is clear text', { PUBLIC_URL: 'http://auth.example.com' }, 'PUBLIC_URL', /must be https/],
  ['codes are short', { OTP_LENGTH: '5' }, 'OTP_LENGTH', /at least 6/],
  ['codes are shorter than any', { OTP_LENGTH: '3' }, 'OTP_LENGTH', /from 4 to 10/],
  ['codes live long', { OTP_EXPIRY_SECONDS: '601' }, 'OTP_EXPIRY_SECONDS', /from 30 to 600/],
  ['hashes are cheap', { BCRYPT_COST: '9' }, 'BCRYPT_COST', /at least 10/],
  ['passwords are short', { PASSWORD_MIN_LENGTH: '7' }, 'PASSWORD_MIN_LENGTH', /from 8/],
  ['a limit is no limit', { LIMIT_SESSION: '10 per hour' }, 'LIMIT_SESSION', /must look like/],
  [
    'a number takes a fixed code (A19)',
    { TEST_PHONES: '+12025550177=918273@2099-12-31' },
    'TEST_PHONES',
    /unless TEST_PHONES_IN_PRODUCTION=true/,
  ],
  [
    'a test number has no last day',
    { TEST_PHONES: '+12025550177=918273@2027-02-30', TEST_PHONES_IN_PRODUCTION: 'true' },
    'TEST_PHONES',
    /must look like/,
  ],
  ['money has no price', { SMS_MONEY_PER_DAY: '20000000' }, 'SMS_MONEY_PER_DAY', /from 1 to/],
  ['prices are no numbers', { SMS_PRICES: 'GB=cheap,US' }, 'SMS_PRICES', /must look like/],
  [
    'events leave in clear text',
    { ...told, AUDIT_WEBHOOK_URL: 'http://siem.test' },
    'AUDIT_WEBHOOK_URL',
    /must be https/,
  ],
  ['events are told unsigned', { ...told, AUDIT_WEBHOOK_SECRET: '' }, 'AUDIT_WEBHOOK_SECRET', /must be whsec_/],
  ['no events are told', { ...told, AUDIT_WEBHOOK_EVENTS: '' }, 'AUDIT_WEBHOOK_EVENTS', /is required/],
  ['an event is unknown', { ...told, AUDIT_WEBHOOK_EVENTS: 'user_made' }, 'AUDIT_WEBHOOK_EVENTS', /does not have/],
  ['a clock can be moved', { CLOCK_OFFSET_FILE: '/tmp/clock' }, 'CLOCK_OFFSET_FILE', /refused in production/],
  ['a port is none', { PORT: '65536' }, 'PORT', /from 0 to 65535/],
  ['there is no database', { DATABASE_URL: '' }, 'DATABASE_URL', /is required/],
  ['the database is another product', { DATABASE_URL: 'mysql://u:hunter2@db/x' }, 'DATABASE_URL', /postgres:\/\//],
  ...['u:p@db:port/x', 'u:p#1@db/x', 'u:p%zz@db/x', 'u:1#p@db/x', 'u:1/p@db/x', 'u:1?p@db/x', 'u:p@/1@db/x'].map(
    (address): Refused => {
      const DATABASE_URL = `postgres://${address}`;
      return [`the database has no address: ${address}`, { DATABASE_URL }, 'DATABASE_URL', /special characters .* %XX/];
    },
  ),
  [
    'the database of migrations has no address',
    { MIGRATION_DATABASE_URL: 'postgres://u:p/1@db/x' },
    'MIGRATION_DATABASE_URL',
    /%XX/,
  ],
  ['the public address has a password', { PUBLIC_URL: 'https://u:p@auth.example.com' }, 'PUBLIC_URL', /no user/],
  ['a key is blank', { TELNYX_API_KEY: '   ' }, 'TELNYX_API_KEY', /at least 1 character/],
  [
    'a sender is a name without a profile',
    { TELNYX_PHONE_NUMBER: 'Example' },
    'TELNYX_MESSAGING_PROFILE_ID',
    /is required when/,
  ],
  [
    'a secret file is not there',
    { TELNYX_API_KEY: '', TELNYX_API_KEY_FILE: '/nowhere/key' },
    'TELNYX_API_KEY_FILE',
    /cannot be read/,
  ],
];

/** Limits that production keeps. */
export const LIMITS = [
  'LIMIT_FACTOR_ACCOUNT',
  'LIMIT_FACTOR_ADDRESS',
  'LIMIT_PASSWORD_ACCOUNT',
  'LIMIT_PASSWORD_ADDRESS',
  'LIMIT_REGISTER_ADDRESS',
  'LIMIT_SESSION',
  'LIMIT_SESSION_CHANGES',
  'LIMIT_SMS_ACCOUNT',
  'LIMIT_SMS_DESTINATION',
  'LIMIT_SMS_ADDRESS',
  'LIMIT_SMS_PREFIX',
  'LIMIT_SMS_UNVERIFIED',
  'LIMIT_SMS_COUNTRY',
  'LIMIT_SMS_GLOBAL',
  'LIMIT_STATUS',
  'LIMIT_CLIENT_ADDRESS',
  'LIMIT_UNAUTHENTICATED',
];
