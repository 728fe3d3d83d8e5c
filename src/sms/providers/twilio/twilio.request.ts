// How every Twilio product is asked: a form with PascalCase names, Basic authentication, JSON back.
import type { OutboundAnswer, OutboundFailure, OutboundHttp } from '../../../platform/http/outbound-http';
import type { Secret } from '../../../config/secret';

export interface TwilioAccount {
  readonly TWILIO_ACCOUNT_SID?: string;
  readonly TWILIO_AUTH_TOKEN?: Secret;
}

export type TwilioForm = Readonly<Record<string, string>>;

export function postToTwilio(
  http: OutboundHttp,
  account: TwilioAccount,
  url: string,
  form: TwilioForm,
): Promise<OutboundAnswer | OutboundFailure> {
  const credentials = `${account.TWILIO_ACCOUNT_SID ?? ''}:${account.TWILIO_AUTH_TOKEN?.reveal() ?? ''}`;
  return http.request({
    method: 'POST',
    url,
    headers: {
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: new URLSearchParams(form).toString(),
  });
}
