// One signed POST to the operator's own gateway, as docs/sms-gateway.md has it. The secret never travels; the signature covers
// the time and the very bytes of the body. The message's id is ours, so that a gateway can tell a repetition.
import { after, unixSeconds } from '../../../platform/time/seconds';
import type { OutboundAnswer } from '../../../platform/http/outbound-http';
import type { Accepted, MessageSender, ProviderDependencies, SendRequest } from '../../contract/provider';
import { failed, parseObject, transportFailure, unreadable, vendorId } from '../../contract/vendor-answer';
import type { HttpGatewayConfig } from './http.config';
import { gatewayFailure } from './http.failures';
import { gatewaySignature } from './http.signature';
import type { GatewayMessage } from './http.wire';

export class HttpGatewayClient implements MessageSender {
  readonly kind = 'sender';
  readonly provider = 'http';

  constructor(private readonly given: ProviderDependencies<HttpGatewayConfig>) {}

  async send(request: SendRequest): Promise<Accepted> {
    const { config, http, clock } = this.given;
    const now = clock.now();
    const timestamp = String(unixSeconds(now));
    const body = JSON.stringify(this.messageOf(request, now));
    const answer = await http.request({
      method: 'POST',
      url: config.SMS_HTTP_URL ?? '',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'latchkey-timestamp': timestamp,
        'latchkey-signature': gatewaySignature(config.SMS_HTTP_SECRET?.reveal() ?? '', timestamp, body),
      },
      body,
    });
    return answer.ok ? this.read(answer) : failed(transportFailure(answer));
  }

  private messageOf({ to, text, reference, ttlSeconds }: SendRequest, now: Date): GatewayMessage {
    const { webhookUrl } = this.given;
    const expiresAt = after(now, ttlSeconds).toISOString();
    return {
      id: reference,
      to,
      text,
      expiresAt,
      ...(webhookUrl !== undefined && { receiptUrl: webhookUrl }),
    };
  }

  private read(answer: OutboundAnswer): Accepted {
    const body = parseObject(answer.text);
    const error = body?.['error'] ?? undefined;
    if (answer.status >= 400 || error !== undefined) {
      return failed(gatewayFailure(answer, error, this.given.clock.now()));
    }
    const id = vendorId(body?.['id']);
    if (id === undefined) return failed(unreadable(answer));
    return { ok: true, value: { providerMessageId: id } };
  }
}
