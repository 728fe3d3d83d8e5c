// What the simulated Twilio posts: forms, signed by hand as Twilio's guide says (sorted names, each with its value, after the URL).
import { createHmac } from 'node:crypto';
import type { DialectContext, OutgoingWebhook } from '../../../contract/dialect';

export function webhook(
  parameters: Readonly<Record<string, string>>,
  url: string,
  { credentials }: DialectContext,
): OutgoingWebhook {
  const all: Readonly<Record<string, string>> = {
    ...parameters,
    AccountSid: credentials['TWILIO_ACCOUNT_SID'] ?? '',
    ApiVersion: '2010-04-01',
  };
  const hmac = createHmac('sha1', credentials['TWILIO_AUTH_TOKEN'] ?? '').update(url);
  for (const name of Object.keys(all).sort()) hmac.update(`${name}${all[name] ?? ''}`);
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': hmac.digest('base64'),
  };
  return { headers, body: new URLSearchParams(all).toString() };
}
