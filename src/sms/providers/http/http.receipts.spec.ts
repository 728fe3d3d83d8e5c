import 'reflect-metadata';
import { readsWhateverComes } from '../../../../test/support/receipt-properties';
import { gatewaySignature } from './http.signature';

describe('http', () => {
  readsWhateverComes('http', 'json', ({ rawBody }, at, keys) => {
    const timestamp = String(Math.floor(at.getTime() / 1000));
    const signature = gatewaySignature(keys['SMS_HTTP_SECRET'] ?? '', timestamp, rawBody);
    return { 'latchkey-timestamp': timestamp, 'latchkey-signature': signature };
  });
});
