// Sinch SMS (REST batches): one text to one number. We make and check the code; Sinch only carries the text, and stops
// trying when the code has expired.
import { after } from '../../../platform/time/seconds';
import type { OutboundAnswer } from '../../../platform/http/outbound-http';
import type { Accepted, MessageSender, ProviderDependencies, SendRequest } from '../../contract/provider';
import { failed, parseObject, refusal, transportFailure, unreadable } from '../../contract/vendor-answer';
import { postJson } from '../../contract/vendor-request';
import { answerableSender } from '../../contract/sender-name';
import type { SinchConfig } from './sinch.config';
import { sinchSmsFailure } from './sinch.failures';
import { readBatch, readError, type SinchBatchBody } from './sinch.wire';

export class SinchClient implements MessageSender {
  readonly kind = 'sender';
  readonly provider = 'sinch';
  readonly senderName: string | undefined;

  constructor(private readonly given: ProviderDependencies<SinchConfig>) {
    this.senderName = answerableSender(given.config.SINCH_FROM);
  }

  async send(request: SendRequest): Promise<Accepted> {
    const { config, http } = this.given;
    const plan = encodeURIComponent(config.SINCH_SERVICE_PLAN_ID ?? '');
    const url = `${config.SINCH_SMS_BASE_URL ?? ''}/xms/v1/${plan}/batches`;
    const headers = { authorization: `Bearer ${config.SINCH_API_TOKEN?.reveal() ?? ''}` };
    const answer = await postJson(http, url, headers, this.bodyOf(request));
    return answer.ok ? this.read(answer) : failed(transportFailure(answer));
  }

  private read(answer: OutboundAnswer): Accepted {
    const body = parseObject(answer.text);
    const error = body && readError(body);
    if (answer.status >= 400 || error) return failed(sinchSmsFailure(answer, error, this.given.clock.now()));
    const batch = body && readBatch(body);
    if (batch === undefined) return failed(unreadable(answer));
    if (batch.canceled) return failed(refusal('unknown', answer, { code: 'canceled' }));
    return { ok: true, value: { providerMessageId: batch.id } };
  }

  private bodyOf({ to, text, reference, ttlSeconds }: SendRequest): SinchBatchBody {
    const { config, clock } = this.given;
    return {
      from: config.SINCH_FROM ?? '',
      to: [to],
      body: text,
      type: 'mt_text',
      expire_at: after(clock.now(), ttlSeconds).toISOString(),
      client_reference: reference,
      ...this.reportWanted(),
    };
  }

  /** Unsigned callbacks would not be believed, so none are asked for. Without an address of ours, the service plan's own is called. */
  private reportWanted(): Pick<SinchBatchBody, 'delivery_report' | 'callback_url'> {
    const { config, webhookUrl } = this.given;
    if (config.SINCH_WEBHOOK_SECRET === undefined) return {};
    const callback = webhookUrl === undefined ? {} : { callback_url: webhookUrl };
    return { delivery_report: 'per_recipient', ...callback };
  }
}
