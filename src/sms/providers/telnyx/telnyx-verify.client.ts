// Telnyx Verify with `custom_code`: Telnyx words and delivers the message, by text or by call; the code is ours and we check
// it, so its own check (actions/verify) is never asked (ADR 26).
import type { OutboundAnswer } from '../../../platform/http/outbound-http';
import type { Accepted, Channel, CodeSender, ProviderDependencies, SendCodeRequest } from '../../contract/provider';
import { failed, parseObject, refusal, transportFailure, unreadable } from '../../contract/vendor-answer';
import { postJson } from '../../contract/vendor-request';
import { telnyxFailure } from './telnyx.failures';
import { readError } from './telnyx.wire';
import type { TelnyxVerifyConfig } from './telnyx-verify.config';
import { readVerification, type TelnyxVerificationBody } from './telnyx-verify.wire';

export class TelnyxVerifyClient implements CodeSender {
  readonly kind = 'code-sender';
  readonly provider = 'telnyx-verify';
  readonly channels: readonly Channel[] = ['sms', 'voice'];

  constructor(private readonly given: ProviderDependencies<TelnyxVerifyConfig>) {}

  async sendCode(request: SendCodeRequest): Promise<Accepted> {
    const { config, http } = this.given;
    const url = `${config.TELNYX_BASE_URL}/v2/verifications/${request.channel === 'voice' ? 'call' : 'sms'}`;
    const headers = { authorization: `Bearer ${config.TELNYX_API_KEY?.reveal() ?? ''}` };
    const answer = await postJson(http, url, headers, this.bodyOf(request));
    return answer.ok ? this.read(answer) : failed(transportFailure(answer));
  }

  private read(answer: OutboundAnswer): Accepted {
    const body = parseObject(answer.text);
    const error = body && readError(body);
    if (answer.status >= 400 || error) return failed(telnyxFailure(answer, error, this.given.clock.now()));
    const verification = body && readVerification(body);
    if (verification === undefined) return failed(unreadable(answer));
    if (verification.refused) return failed(refusal('unknown', answer));
    return { ok: true, value: { providerMessageId: verification.id } };
  }

  private bodyOf({ to, code, ttlSeconds }: SendCodeRequest): TelnyxVerificationBody {
    return {
      phone_number: to,
      verify_profile_id: this.given.config.TELNYX_VERIFY_PROFILE_ID ?? '',
      custom_code: code,
      timeout_secs: ttlSeconds,
    };
  }
}
