import 'reflect-metadata';
import { readsWhateverComes } from '../../../../test/support/receipt-properties';
import { twilioSignature } from './twilio.signature';

describe('twilio', () => {
  readsWhateverComes('twilio', 'form', ({ url, rawBody }, _at, keys) => {
    const form = new URLSearchParams(rawBody.toString('utf8'));
    return {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': twilioSignature(keys['TWILIO_AUTH_TOKEN'] ?? '', url, form),
    };
  });
});
