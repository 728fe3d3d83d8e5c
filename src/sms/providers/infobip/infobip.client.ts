// Infobip SMS v3: one text to one number. We make and check the code; Infobip only carries the text. A refused message is a
// 200 as well, so the status inside is read every time. Our delivery id is the message's id: Infobip takes it once.
import type { OutboundAnswer } from '../../../platform/http/outbound-http';
import type { ProviderFailure } from '../../contract/failure';
import type { Accepted, MessageSender, ProviderDependencies, SendRequest } from '../../contract/provider';
import { failed, parseObject, refusal, transportFailure, unreadable, vendorCode } from '../../contract/vendor-answer';
import { postJson } from '../../contract/vendor-request';
import { answerableSender } from '../../contract/sender-name';
import type { InfobipConfig } from './infobip.config';
import { infobipFailure, kindOfMessageStatus, type MessageStatus } from './infobip.failures';
import { type InfobipSmsBody, readSent } from './infobip.wire';
import { readError } from './infobip-error.wire';

export class InfobipClient implements MessageSender {
  readonly kind = 'sender';
  readonly provider = 'infobip';
  readonly senderName: string | undefined;

  constructor(private readonly given: ProviderDependencies<InfobipConfig>) {
    this.senderName = answerableSender(given.config.INFOBIP_FROM);
  }

  async send(request: SendRequest): Promise<Accepted> {
    const { config, http } = this.given;
    const url = `${config.INFOBIP_BASE_URL ?? ''}/sms/3/messages`;
    const headers = { authorization: `App ${config.INFOBIP_API_KEY?.reveal() ?? ''}` };
    const answer = await postJson(http, url, headers, this.bodyOf(request));
    return answer.ok ? this.read(answer) : failed(transportFailure(answer));
  }

  private read(answer: OutboundAnswer): Accepted {
    const body = parseObject(answer.text);
    const error = body && readError(body);
    if (answer.status >= 400 || error) return failed(infobipFailure(answer, error, this.given.clock.now()));
    const sent = body && readSent(body);
    if (sent === undefined || sent.fate === 'unknown') return failed(unreadable(answer));
    if (sent.fate === 'refused') return failed(refusedMessage(sent.status, answer));
    return { ok: true, value: { providerMessageId: sent.messageId } };
  }

  private bodyOf({ to, text, reference, ttlSeconds }: SendRequest): InfobipSmsBody {
    return {
      messages: [
        {
          sender: (this.given.config.INFOBIP_FROM ?? '').replace(/^\+/, ''),
          destinations: [{ to: to.replace(/^\+/, ''), messageId: reference }],
          content: { text },
          options: { validityPeriod: { amount: ttlSeconds, timeUnit: 'SECONDS' } },
        },
      ],
    };
  }
}

/** Of a duplicate nothing went out now, but something did under this id before: nobody knows what became of it (F13). */
function refusedMessage(status: MessageStatus, answer: OutboundAnswer): ProviderFailure {
  const kind = kindOfMessageStatus(status) ?? 'unknown';
  const failure = refusal(kind, answer, { code: vendorCode(status.name ?? status.id) });
  return kind === 'duplicate' ? { ...failure, certainty: 'maybe-sent' } : failure;
}
