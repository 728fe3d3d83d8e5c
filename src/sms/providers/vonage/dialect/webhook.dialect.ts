// A webhook of the simulated Vonage, signed as its guide says: a JWT of HS256 with the account's signature secret, made by hand.
import { createHmac, hash } from 'node:crypto';
import type { DialectContext, OutgoingWebhook } from '../../../contract/dialect';
import { unixSeconds } from '../../../../platform/time/seconds';

export function webhook(payload: object, at: Date, { random, credentials }: DialectContext): OutgoingWebhook {
  const body = JSON.stringify(payload);
  const claims = {
    iat: unixSeconds(at),
    jti: random.uuid(),
    iss: 'Vonage',
    payload_hash: hash('sha256', body, 'hex'),
    api_key: credentials['VONAGE_API_KEY'],
    application_id: credentials['VONAGE_APPLICATION_ID'],
  };
  const signed = [{ alg: 'HS256', typ: 'JWT' }, claims].map(encoded).join('.');
  const mac = createHmac('sha256', credentials['VONAGE_SIGNATURE_SECRET'] ?? '').update(signed);
  const authorization = `Bearer ${signed}.${mac.digest('base64url')}`;
  return { headers: { 'content-type': 'application/json', authorization }, body };
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
