import { generateSecretKeys } from '../platform/crypto/secret-ring';
import { KeyringConfig } from './keyring.config';
import { ConfigError, loadConfig } from './load-config';
import { ProductConfig } from './product.config';

function problems(variables: Record<string, string>): unknown {
  try {
    loadConfig([KeyringConfig, ProductConfig], { NODE_ENV: 'production', ...variables });
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.problems : error;
  }
}

it('A95: refuses to start without a ring or with an unsafe one, naming the key and never the value', () => {
  expect(problems({})).toEqual([{ key: 'SECRET_KEYS', reason: 'is required' }]);
  const found = problems({ SECRET_KEYS: 'k1:c2hvcnQ=' });
  expect(found).toEqual([{ key: 'SECRET_KEYS', reason: 'entry 1 must have at least 32 bytes' }]);
});

it('starts with a generated ring', () => {
  expect(problems({ SECRET_KEYS: generateSecretKeys() })).toEqual([]);
});

it.each(['Grüße', 'a'.repeat(21), 'evil\nname', '{{7*7}}', ' x', '[x]'])(
  'refuses a name that would not fit into one GSM-7 message or could carry markup: %j',
  (APP_NAME) => {
    expect(problems({ SECRET_KEYS: generateSecretKeys(), APP_NAME })).toMatchObject([{ key: 'APP_NAME' }]);
  },
);
