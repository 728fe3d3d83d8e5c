// Sends one text through Vonage's Messages API. We make and check the code; Vonage only carries the text.
import type { Clock } from '../../../platform/clock/clock';
import type { ProviderResult } from '../../contract/failure';
import type { MessageSender, ProviderDependencies, SendRequest } from '../../contract/provider';
import { parseObject, transportFailure, unreadable } from '../../contract/vendor-answer';
import type { VonageConfig } from './vonage.config';
import { vonageFailure } from './vonage.failures';
import { VonageRequests } from './vonage.request';
import { readMessageId, readProblem, type VonageMessageBody } from './vonage.wire';

/** Vonage advises against less: some operators would drop the message at once. */
const leastTtlSeconds = 1800;

export class VonageClient implements MessageSender {
  readonly kind = 'sender';
  readonly provider = 'vonage';
  private readonly requests: VonageRequests;
  private readonly config: VonageConfig;
  private readonly clock: Clock;
  private readonly webhookUrl: string | undefined;

  constructor(dependencies: ProviderDependencies<VonageConfig>) {
    this.requests = new VonageRequests(dependencies);
    this.config = dependencies.config;
    this.clock = dependencies.clock;
    this.webhookUrl = dependencies.webhookUrl;
  }

  async send(request: SendRequest): Promise<ProviderResult<{ readonly providerMessageId: string }>> {
    const answer = await this.requests.post('/v1/messages', this.bodyOf(request));
    if (!answer.ok) return { ok: false, failure: transportFailure(answer) };
    const body = parseObject(answer.text);
    if (answer.status >= 400) {
      return { ok: false, failure: vonageFailure(answer, readProblem(body), this.clock.now()) };
    }
    const id = body && readMessageId(body);
    if (id === undefined) return { ok: false, failure: unreadable(answer) };
    return { ok: true, value: { providerMessageId: id } };
  }

  private bodyOf({ to, text, ttlSeconds, reference }: SendRequest): VonageMessageBody {
    return {
      message_type: 'text',
      channel: 'sms',
      to: bare(to),
      from: bare(this.config.VONAGE_FROM ?? ''),
      text,
      ttl: Math.max(leastTtlSeconds, Math.ceil(ttlSeconds)),
      client_ref: reference,
      ...this.statusWanted(),
    };
  }

  /** Unsigned webhooks would not be believed, so none are asked for. Without an address of ours, the application's own is called. */
  private statusWanted(): Pick<VonageMessageBody, 'webhook_url' | 'webhook_version'> {
    const isSigned = this.config.VONAGE_SIGNATURE_SECRET !== undefined;
    return isSigned && this.webhookUrl !== undefined ? { webhook_url: this.webhookUrl, webhook_version: 'v1' } : {};
  }
}

function bare(number: string): string {
  return number.replace(/^\+/, '');
}
