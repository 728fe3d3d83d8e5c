// Keys of Sinch Verification are base64: of one that decodes to nothing anybody could make signatures.
import { loadConfig } from '../../../config/load-config';
import { SinchVerificationConfig } from './sinch-verification.config';

const KEYS = { SINCH_APPLICATION_KEY: 'key', SINCH_APPLICATION_SECRET: 'c2VjcmV0IG9mIG5vYm9keQ==' };
const load = (variables: Record<string, string>) =>
  loadConfig([SinchVerificationConfig], { NODE_ENV: 'production', ...KEYS, ...variables });

it('takes a present and a former one', () => {
  expect(() => load({ SINCH_APPLICATION_SECRET_PREVIOUS: KEYS.SINCH_APPLICATION_SECRET })).not.toThrow();
});

it.each(['SINCH_APPLICATION_SECRET', 'SINCH_APPLICATION_SECRET_PREVIOUS'])('refuses %s that is not', (key) => {
  for (const wrong of ['-', '???', 'x', 'not base64, though long enough']) {
    expect(() => load({ [key]: wrong })).toThrow(`${key} must be base64`);
  }
});
