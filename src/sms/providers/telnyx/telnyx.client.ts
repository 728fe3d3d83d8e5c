// Sends one text through Telnyx Messaging. We make and check the code; Telnyx only carries the text.
import type { Accepted, MessageSender, ProviderDependencies, SendRequest } from '../../contract/provider';
import { failed, parseObject, refusal, transportFailure, unreadable } from '../../contract/vendor-answer';
import { postJson } from '../../contract/vendor-request';
import { answerableSender } from '../../contract/sender-name';
import type { TelnyxConfig } from './telnyx.config';
import { telnyxFailure } from './telnyx.failures';
import { readError, readMessage, type TelnyxMessageBody } from './telnyx.wire';

export class TelnyxClient implements MessageSender {
  readonly kind = 'sender';
  readonly provider = 'telnyx';
  readonly senderName: string | undefined;

  constructor(private readonly given: ProviderDependencies<TelnyxConfig>) {
    this.senderName = answerableSender(given.config.TELNYX_PHONE_NUMBER);
  }

  async send(request: SendRequest): Promise<Accepted> {
    const { config, http, clock } = this.given;
    const url = `${config.TELNYX_BASE_URL}/v2/messages`;
    const headers = { authorization: `Bearer ${config.TELNYX_API_KEY?.reveal() ?? ''}` };
    const answer = await postJson(http, url, headers, this.bodyOf(request));
    if (!answer.ok) return failed(transportFailure(answer));
    const body = parseObject(answer.text);
    const error = body && readError(body);
    if (answer.status >= 400 || error) return failed(telnyxFailure(answer, error, clock.now()));
    const message = body && readMessage(body);
    if (message === undefined) return failed(unreadable(answer));
    if (message.refused) return failed(refusal('unknown', answer));
    return { ok: true, value: { providerMessageId: message.id } };
  }

  private bodyOf(request: SendRequest): TelnyxMessageBody {
    const { config, webhookUrl } = this.given;
    const profile = config.TELNYX_MESSAGING_PROFILE_ID;
    return {
      from: config.TELNYX_PHONE_NUMBER ?? '',
      ...(profile !== undefined && { messaging_profile_id: profile }),
      to: request.to,
      text: request.text,
      type: 'SMS',
      ...(webhookUrl !== undefined && { webhook_url: webhookUrl }),
    };
  }
}
