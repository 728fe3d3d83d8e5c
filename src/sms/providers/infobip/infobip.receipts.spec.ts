import 'reflect-metadata';
import { createHmac } from 'node:crypto';
import { readsWhateverComes } from '../../../../test/support/receipt-properties';

describe('infobip', () => {
  readsWhateverComes('infobip', 'json', ({ rawBody }, _at, keys) => {
    const mac = createHmac('sha256', keys['INFOBIP_WEBHOOK_SECRET'] ?? '').update(rawBody);
    return { 'x-infobip-signature': mac.digest('hex') };
  });
});
