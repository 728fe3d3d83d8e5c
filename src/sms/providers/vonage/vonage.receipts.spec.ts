import 'reflect-metadata';
import { createHash, createHmac } from 'node:crypto';
import { readsWhateverComes } from '../../../../test/support/receipt-properties';

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

describe.each(['vonage', 'vonage-verify'])('%s', (name) => {
  readsWhateverComes(name, 'json', ({ rawBody }, at, keys) => {
    const hash = createHash('sha256').update(rawBody).digest('hex');
    const claims = { iat: Math.floor(at.getTime() / 1000), iss: 'Vonage', payload_hash: hash };
    const token = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`;
    const mac = createHmac('sha256', keys['VONAGE_SIGNATURE_SECRET'] ?? '').update(token);
    return { authorization: `Bearer ${token}.${mac.digest('base64url')}` };
  });
});
