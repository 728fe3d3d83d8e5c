// Sends one text through Twilio Messaging. We make and check the code; Twilio only carries the text.
import type { Accepted, MessageSender, ProviderDependencies, SendRequest } from '../../contract/provider';
import { failed, parseObject, transportFailure, unreadable } from '../../contract/vendor-answer';
import { answerableSender } from '../../contract/sender-name';
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
  readonly senderName: string | undefined;

  constructor(private readonly given: ProviderDependencies<TwilioConfig>) {
    // A messaging service picks its sender itself.
    const { TWILIO_MESSAGING_SERVICE_SID: service, TWILIO_FROM: from } = given.config;
    this.senderName = service === undefined ? answerableSender(from) : undefined;
  }

  async send(request: SendRequest): Promise<Accepted> {
    const { config, http, clock } = this.given;
    const url = `${config.TWILIO_BASE_URL}/2010-04-01/Accounts/${config.TWILIO_ACCOUNT_SID ?? ''}/Messages.json`;
    const answer = await postToTwilio(http, config, url, this.formOf(request));
    if (!answer.ok) return failed(transportFailure(answer));
    const body = parseObject(answer.text);
    if (answer.status >= 400) return failed(twilioFailure(answer, readErrorCode(body), clock.now()));
    const message = body && readMessage(body);
    if (message === undefined) return failed(unreadable(answer));
    if (message.refused) return failed(twilioFailure(answer, message.errorCode, clock.now()));
    return { ok: true, value: { providerMessageId: message.sid } };
  }

  private formOf({ to, text, ttlSeconds, reference }: SendRequest): TwilioMessageForm {
    const validity = Math.min(Math.max(Math.floor(ttlSeconds), shortestValiditySeconds), longestValiditySeconds);
    const form = { To: to, ...this.sender(), Body: text, ValidityPeriod: String(validity) };
    return { ...form, ...this.callback(reference) };
  }

  /** Twilio keeps no reference of ours, but calls the URL as it is. */
  private callback(reference: string): TwilioForm {
    const { webhookUrl } = this.given;
    return webhookUrl === undefined ? {} : { StatusCallback: `${webhookUrl}?${REFERENCE}=${reference}` };
  }

  private sender(): TwilioForm {
    const { TWILIO_MESSAGING_SERVICE_SID: service, TWILIO_FROM: from = '' } = this.given.config;
    return service === undefined ? { From: from } : { MessagingServiceSid: service };
  }
}
