// Sends one text through Telnyx Messaging. We make and check the code; Telnyx only carries the text.
import type { Clock } from '../../../platform/clock/clock';
import type { OutboundHttp } from '../../../platform/http/outbound-http';
import type { ProviderResult } from '../../contract/failure';
import type { MessageSender, ProviderDependencies, SendRequest } from '../../contract/provider';
import { parseObject, refusal, transportFailure, unreadable } from '../../contract/vendor-answer';
import type { TelnyxConfig } from './telnyx.config';
import { telnyxFailure } from './telnyx.failures';
import { readError, readMessage, type TelnyxMessageBody } from './telnyx.wire';

export class TelnyxClient implements MessageSender {
  readonly kind = 'sender';
  readonly provider = 'telnyx';
  readonly senderName: string | undefined;
  private readonly config: TelnyxConfig;
  private readonly http: OutboundHttp;
  private readonly clock: Clock;
  private readonly webhookUrl: string | undefined;

  constructor({ config, http, clock, webhookUrl }: ProviderDependencies<TelnyxConfig>) {
    this.config = config;
    this.http = http;
    this.clock = clock;
    this.webhookUrl = webhookUrl;
    this.senderName = config.TELNYX_PHONE_NUMBER;
  }

  async send(request: SendRequest): Promise<ProviderResult<{ readonly providerMessageId: string }>> {
    const answer = await this.http.request({
      method: 'POST',
      url: `${this.config.TELNYX_BASE_URL}/v2/messages`,
      headers: {
        authorization: `Bearer ${this.config.TELNYX_API_KEY?.reveal() ?? ''}`,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      body: JSON.stringify(this.bodyOf(request)),
    });
    if (!answer.ok) return { ok: false, failure: transportFailure(answer) };
    const body = parseObject(answer.text);
    const error = body && readError(body);
    if (answer.status >= 400) return { ok: false, failure: telnyxFailure(answer, error, this.clock.now()) };
    const message = body && readMessage(body);
    if (error) return { ok: false, failure: telnyxFailure(answer, error, this.clock.now()) };
    if (message === undefined) return { ok: false, failure: unreadable(answer) };
    if (message.refused) return { ok: false, failure: refusal('unknown', answer) };
    return { ok: true, value: { providerMessageId: message.id } };
  }

  private bodyOf(request: SendRequest): TelnyxMessageBody {
    const profile = this.config.TELNYX_MESSAGING_PROFILE_ID;
    return {
      from: this.config.TELNYX_PHONE_NUMBER ?? '',
      ...(profile !== undefined && { messaging_profile_id: profile }),
      to: request.to,
      text: request.text,
      type: 'SMS',
      ...(this.webhookUrl !== undefined && { webhook_url: this.webhookUrl }),
    };
  }
}
