// Sinch SMS (REST batches): one text to one number. We make and check the code; Sinch only carries the text, and stops
// trying when the code has expired.
import type { Clock } from '../../../platform/clock/clock';
import type { OutboundAnswer, OutboundHttp } from '../../../platform/http/outbound-http';
import type { ProviderResult } from '../../contract/failure';
import type { MessageSender, ProviderDependencies, SendRequest } from '../../contract/provider';
import { parseObject, refusal, transportFailure, unreadable } from '../../contract/vendor-answer';
import type { SinchConfig } from './sinch.config';
import { sinchSmsFailure } from './sinch.failures';
import { readBatch, readError, type SinchBatchBody } from './sinch.wire';

export class SinchClient implements MessageSender {
  readonly kind = 'sender';
  readonly provider = 'sinch';
  private readonly config: SinchConfig;
  private readonly http: OutboundHttp;
  private readonly clock: Clock;
  private readonly webhookUrl: string | undefined;

  constructor({ config, http, clock, webhookUrl }: ProviderDependencies<SinchConfig>) {
    this.config = config;
    this.http = http;
    this.clock = clock;
    this.webhookUrl = webhookUrl;
  }

  async send(request: SendRequest): Promise<ProviderResult<{ readonly providerMessageId: string }>> {
    const plan = encodeURIComponent(this.config.SINCH_SERVICE_PLAN_ID ?? '');
    const answer = await this.http.request({
      method: 'POST',
      url: `${this.config.SINCH_SMS_BASE_URL ?? ''}/xms/v1/${plan}/batches`,
      headers: {
        authorization: `Bearer ${this.config.SINCH_API_TOKEN?.reveal() ?? ''}`,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      body: JSON.stringify(this.bodyOf(request)),
    });
    return answer.ok ? this.read(answer) : { ok: false, failure: transportFailure(answer) };
  }

  private read(answer: OutboundAnswer): ProviderResult<{ readonly providerMessageId: string }> {
    const body = parseObject(answer.text);
    const error = body && readError(body);
    if (answer.status >= 400 || error) return { ok: false, failure: sinchSmsFailure(answer, error, this.clock.now()) };
    const batch = body && readBatch(body);
    if (batch === undefined) return { ok: false, failure: unreadable(answer) };
    if (batch.canceled) return { ok: false, failure: refusal('unknown', answer, { code: 'canceled' }) };
    return { ok: true, value: { providerMessageId: batch.id } };
  }

  private bodyOf({ to, text, reference, ttlSeconds }: SendRequest): SinchBatchBody {
    return {
      from: this.config.SINCH_FROM ?? '',
      to: [to],
      body: text,
      type: 'mt_text',
      expire_at: new Date(this.clock.now().getTime() + ttlSeconds * 1000).toISOString(),
      client_reference: reference,
      ...this.reportWanted(),
    };
  }

  /** Unsigned callbacks would not be believed, so none are asked for. Without an address of ours, the service plan's own is called. */
  private reportWanted(): Pick<SinchBatchBody, 'delivery_report' | 'callback_url'> {
    if (this.config.SINCH_WEBHOOK_SECRET === undefined) return {};
    const callback = this.webhookUrl === undefined ? {} : { callback_url: this.webhookUrl };
    return { delivery_report: 'per_recipient', ...callback };
  }
}
