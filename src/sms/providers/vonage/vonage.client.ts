// Sends one text through Vonage's Messages API. We make and check the code; Vonage only carries the text.
import type { Accepted, MessageSender, ProviderDependencies, SendRequest } from '../../contract/provider';
import { failed, parseObject, transportFailure, unreadable } from '../../contract/vendor-answer';
import { answerableSender } from '../../contract/sender-name';
import type { VonageConfig } from './vonage.config';
import { vonageFailure } from './vonage.failures';
import { VonageRequests } from './vonage.request';
import { readMessageId, readProblem, type VonageMessageBody } from './vonage.wire';

/** Vonage advises against less: some operators would drop the message at once. */
const leastTtlSeconds = 1800;

export class VonageClient implements MessageSender {
  readonly kind = 'sender';
  readonly provider = 'vonage';
  readonly senderName: string | undefined;
  private readonly requests: VonageRequests;

  constructor(private readonly given: ProviderDependencies<VonageConfig>) {
    this.senderName = answerableSender(given.config.VONAGE_FROM);
    this.requests = new VonageRequests(given);
  }

  async send(request: SendRequest): Promise<Accepted> {
    const answer = await this.requests.post('/v1/messages', this.bodyOf(request));
    if (!answer.ok) return failed(transportFailure(answer));
    const body = parseObject(answer.text);
    if (answer.status >= 400) return failed(vonageFailure(answer, readProblem(body), this.given.clock.now()));
    const id = body && readMessageId(body);
    if (id === undefined) return failed(unreadable(answer));
    return { ok: true, value: { providerMessageId: id } };
  }

  private bodyOf({ to, text, ttlSeconds, reference }: SendRequest): VonageMessageBody {
    return {
      message_type: 'text',
      channel: 'sms',
      to: bare(to),
      from: bare(this.given.config.VONAGE_FROM ?? ''),
      text,
      ttl: Math.max(leastTtlSeconds, Math.ceil(ttlSeconds)),
      client_ref: reference,
      ...this.statusWanted(),
    };
  }

  /** Unsigned webhooks would not be believed, so none are asked for. Without an address of ours, the application's own is called. */
  private statusWanted(): Pick<VonageMessageBody, 'webhook_url' | 'webhook_version'> {
    const { config, webhookUrl } = this.given;
    const isSigned = config.VONAGE_SIGNATURE_SECRET !== undefined;
    return isSigned && webhookUrl !== undefined ? { webhook_url: webhookUrl, webhook_version: 'v1' } : {};
  }
}

function bare(number: string): string {
  return number.replace(/^\+/, '');
}
