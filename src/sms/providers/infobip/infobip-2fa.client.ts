// Infobip 2FA: the vendor makes, sends and checks the PIN of a template that the operator set up (application and
// message id). A 200 may still be a refusal, so every answer is read before it counts.
import type { OutboundAnswer, OutboundFailure } from '../../../platform/http/outbound-http';
import type { ProviderFailure, ProviderResult } from '../../contract/failure';
import type {
  Channel,
  CheckAnswer,
  CheckRequest,
  ProviderDependencies,
  ResendRequest,
  Started,
  StartRequest,
  VerificationService,
} from '../../contract/provider';
import { failed, type JsonObject, parseObject, transportFailure, unreadable } from '../../contract/vendor-answer';
import { postJson } from '../../contract/vendor-request';
import type { Infobip2faConfig } from './infobip-2fa.config';
import { infobipFailure } from './infobip.failures';
import { hiddenRefusal, outcomeOf } from './infobip-2fa.failures';
import { type InfobipPinBody, type InfobipVerdict, readStarted, readVerdict } from './infobip-2fa.wire';
import { readError } from './infobip-error.wire';

export class Infobip2faClient implements VerificationService {
  readonly kind = 'service';
  readonly provider = 'infobip-2fa';
  readonly channels: readonly Channel[] = ['sms', 'voice'];
  readonly codeLength: number | null;
  readonly endsAfterWrongCodes = null;

  constructor(private readonly given: ProviderDependencies<Infobip2faConfig>) {
    this.codeLength = given.config.INFOBIP_CODE_LENGTH ?? null;
  }

  async start({ to, channel }: StartRequest): Promise<Started> {
    const body: InfobipPinBody = {
      applicationId: this.given.config.INFOBIP_2FA_APP_ID ?? '',
      messageId: this.given.config.INFOBIP_2FA_MSG_ID ?? '',
      to: to.replace(/^\+/, ''),
    };
    // Without ncNeeded=false Infobip looks the number up first, which is charged apart.
    const path = channel === 'voice' ? '/2fa/2/pin/voice' : '/2fa/2/pin?ncNeeded=false';
    return this.started(await this.post(path, body), channel);
  }

  async resend(request: ResendRequest): Promise<Started> {
    const voice = request.channel === 'voice' ? '/voice' : '';
    const path = `/2fa/2/pin/${encodeURIComponent(request.providerVerificationId)}/resend${voice}`;
    const answer = await this.post(path, {});
    // Nothing was sent, and no PIN is left to send again: the person gets a new one.
    if (answer.ok && isUnknownPin(answer, parseObject(answer.text))) return this.start(request);
    return this.started(answer, request.channel);
  }

  async check({ providerVerificationId: pinId, code }: CheckRequest): Promise<ProviderResult<CheckAnswer>> {
    const answer = await this.post(`/2fa/2/pin/${encodeURIComponent(pinId)}/verify`, { pin: code });
    if (!answer.ok) return failed(transportFailure(answer));
    const body = parseObject(answer.text);
    if (isUnknownPin(answer, body)) return { ok: true, value: { outcome: 'gone', ended: true } };
    const refused = this.refusalOf(answer, body);
    if (refused) return failed(refused);
    const verdict = body && readVerdict(body);
    if (verdict === undefined || isForeign(verdict, pinId)) return failed(unreadable(answer));
    return { ok: true, value: outcomeOf(verdict) };
  }

  private started(answer: OutboundAnswer | OutboundFailure, channel: Channel): Started {
    if (!answer.ok) return failed(transportFailure(answer));
    const body = parseObject(answer.text);
    const refused = this.refusalOf(answer, body);
    if (refused) return failed(refused);
    const started = body && readStarted(body);
    if (started === undefined) return failed(unreadable(answer));
    const hidden = hiddenRefusal(started, channel, answer);
    if (hidden) return failed(hidden);
    return { ok: true, value: { providerVerificationId: started.pinId } };
  }

  /** An error status, or the vendor's error shape inside a 200. */
  private refusalOf(answer: OutboundAnswer, body: JsonObject | undefined): ProviderFailure | undefined {
    const error = body && readError(body);
    if (answer.status < 400 && error === undefined) return undefined;
    return infobipFailure(answer, error, this.given.clock.now());
  }

  private post(path: string, body: object): Promise<OutboundAnswer | OutboundFailure> {
    const { config, http } = this.given;
    const url = `${config.INFOBIP_BASE_URL ?? ''}${path}`;
    return postJson(http, url, { authorization: `App ${config.INFOBIP_API_KEY?.reveal() ?? ''}` }, body);
  }
}

function isUnknownPin(answer: OutboundAnswer, body: JsonObject | undefined): boolean {
  return answer.status === 404 && body !== undefined && readError(body)?.code === 'NOT_FOUND';
}

/** An answer about another PIN proves nothing about this one. */
function isForeign(verdict: InfobipVerdict, pinId: string): boolean {
  return verdict.pinId !== undefined && verdict.pinId !== pinId;
}
