// A callback of the simulated Sinch Verification: signed under the application's own key as requests to Sinch are, step by step
// from the vendor's text and apart from sinch.signature.ts, so that both cannot share a slip.
import { createHmac, hash } from 'node:crypto';
import type { DialectContext, Occasion, OutgoingWebhook } from '../../../contract/dialect';

export function callback(
  payload: object,
  { url, at }: Occasion,
  credentials: DialectContext['credentials'],
): OutgoingWebhook {
  const body = JSON.stringify(payload);
  const { pathname, search } = new URL(url);
  const timestamp = at.toISOString();
  const contentType = 'application/json; charset=utf-8';
  const contentMd5 = hash('md5', body, 'base64');
  const stringToSign = `POST\n${contentMd5}\n${contentType}\nx-timestamp:${timestamp}\n${pathname}${search}`;
  const secret = Buffer.from(credentials['SINCH_APPLICATION_SECRET'] ?? '', 'base64');
  const signature = createHmac('sha256', secret).update(stringToSign, 'utf8').digest('base64');
  const key = credentials['SINCH_APPLICATION_KEY'] ?? '';
  const headers = {
    'content-type': contentType,
    'x-timestamp': timestamp,
    authorization: `Application ${key}:${signature}`,
  };
  return { headers, body };
}
