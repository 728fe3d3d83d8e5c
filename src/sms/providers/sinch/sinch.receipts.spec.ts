import 'reflect-metadata';
import { createHmac } from 'node:crypto';
import { readsWhateverComes } from '../../../../test/support/receipt-properties';
import { sinchSignature } from './sinch.signature';

describe('sinch', () => {
  readsWhateverComes('sinch', 'json', ({ rawBody }, at, keys) => {
    const timestamp = String(Math.floor(at.getTime() / 1000));
    const mac = createHmac('sha256', keys['SINCH_WEBHOOK_SECRET'] ?? '')
      .update(rawBody)
      .update(`.nonce.${timestamp}`);
    return {
      'x-sinch-webhook-signature': mac.digest('base64'),
      'x-sinch-webhook-signature-algorithm': 'HmacSHA256',
      'x-sinch-webhook-signature-nonce': 'nonce',
      'x-sinch-webhook-signature-timestamp': timestamp,
    };
  });
});

describe('sinch-verification', () => {
  readsWhateverComes('sinch-verification', 'json', ({ method, path, rawBody: body }, at, keys) => {
    const [contentType, timestamp] = ['application/json', at.toISOString()];
    const parts = { method, path, body, contentType, timestamp };
    const signature = sinchSignature(keys['SINCH_APPLICATION_SECRET'] ?? '', parts);
    const authorization = `Application ${keys['SINCH_APPLICATION_KEY']}:${signature}`;
    return { 'content-type': contentType, 'x-timestamp': timestamp, authorization };
  });
});
