// Sends one text through Twilio Messaging. We make and check the code; Twilio only carries the text.
import type { Clock } from '../../../platform/clock/clock';
import type { OutboundHttp } from '../../../platform/http/outbound-http';
import type { ProviderResult } from '../../contract/failure';
import type { MessageSender, ProviderDependencies, SendRequest } from '../../contract/provider';
import { parseObject, transportFailure, unreadable } from '../../contract/vendor-answer';
import type { TwilioConfig } from './twilio.config';
import { twilioFailure } from './twilio.failures';
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

  constructor({ config, http, clock }: ProviderDependencies<TwilioConfig>) {
    this.config = config;
    this.http = http;
    this.clock = clock;
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

  private formOf({ to, text, ttlSeconds }: SendRequest): TwilioMessageForm {
    const validity = Math.min(Math.max(Math.floor(ttlSeconds), shortestValiditySeconds), longestValiditySeconds);
    return { To: to, ...this.sender(), Body: text, ValidityPeriod: String(validity) };
  }

  private sender(): TwilioForm {
    const { TWILIO_MESSAGING_SERVICE_SID: service, TWILIO_FROM: from = '' } = this.config;
    return service === undefined ? { From: from } : { MessagingServiceSid: service };
  }
}
