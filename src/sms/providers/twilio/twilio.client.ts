// Sends one text through Twilio Messaging. We make and check the code; Twilio only carries the text.
import type { Clock } from '../../../platform/clock/clock';
import type { OutboundHttp } from '../../../platform/http/outbound-http';
import type { ProviderResult } from '../../contract/failure';
import type { MessageSender, ProviderDependencies, SendRequest } from '../../contract/provider';
import { parseObject, transportFailure, unreadable } from '../../contract/vendor-answer';
import type { TwilioConfig } from './twilio.config';
import { twilioFailure } from './twilio.failures';
import { REFERENCE } from './twilio.receipts';
import { postToTwilio, type TwilioForm } from './twilio.request';
import { readErrorCode, readMessage, type TwilioMessageForm } from './twilio.wire';

// What Twilio accepts as ValidityPeriod.
const shortestValiditySeconds = 1;
const longestValiditySeconds = 36_000;

export class TwilioClient implements MessageSender {
  readonly kind = 'sender';
  readonly provider = 'twilio';
  private readonly config: TwilioConfig;
  private readonly http: OutboundHttp;
  private readonly clock: Clock;
  private readonly webhookUrl: string | undefined;

  constructor({ config, http, clock, webhookUrl }: ProviderDependencies<TwilioConfig>) {
    this.config = config;
    this.http = http;
    this.clock = clock;
    this.webhookUrl = webhookUrl;
  }

  async send(request: SendRequest): Promise<ProviderResult<{ readonly providerMessageId: string }>> {
    const { TWILIO_BASE_URL: origin, TWILIO_ACCOUNT_SID: account = '' } = this.config;
    const url = `${origin}/2010-04-01/Accounts/${account}/Messages.json`;
    const answer = await postToTwilio(this.http, this.config, url, this.formOf(request));
    if (!answer.ok) return { ok: false, failure: transportFailure(answer) };
    const body = parseObject(answer.text);
    if (answer.status >= 400) {
      return { ok: false, failure: twilioFailure(answer, readErrorCode(body), this.clock.now()) };
    }
    const message = body && readMessage(body);
    if (message === undefined) return { ok: false, failure: unreadable(answer) };
    if (message.refused) {
      return { ok: false, failure: twilioFailure(answer, message.errorCode, this.clock.now()) };
    }
    return { ok: true, value: { providerMessageId: message.sid } };
  }

  private formOf({ to, text, ttlSeconds, reference }: SendRequest): TwilioMessageForm {
    const validity = Math.min(Math.max(Math.floor(ttlSeconds), shortestValiditySeconds), longestValiditySeconds);
    const form = { To: to, ...this.sender(), Body: text, ValidityPeriod: String(validity) };
    return { ...form, ...this.callback(reference) };
  }

  /** Twilio keeps no reference of ours, but calls the URL as it is. */
  private callback(reference: string): TwilioForm {
    return this.webhookUrl === undefined ? {} : { StatusCallback: `${this.webhookUrl}?${REFERENCE}=${reference}` };
  }

  private sender(): TwilioForm {
    const { TWILIO_MESSAGING_SERVICE_SID: service, TWILIO_FROM: from = '' } = this.config;
    return service === undefined ? { From: from } : { MessagingServiceSid: service };
  }
}
