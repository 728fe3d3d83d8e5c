// X-Twilio-Signature (www.twilio.com/docs/usage/security): HMAC-SHA1 with the auth token over the whole URL as Twilio was given it
// and the parameters of the form, by name, each name followed by its value. Standard base64.
import { createHmac } from 'node:crypto';

/** @param url whole, with its query. @param form a name that came several times counts each different value once, in order */
export function twilioSignature(authToken: string, url: string, form: URLSearchParams): string {
  const names = [...new Set(form.keys())].sort();
  const values = names.flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => name + value));
  return createHmac('sha1', authToken)
    .update(url + values.join(''), 'utf8')
    .digest('base64');
}
