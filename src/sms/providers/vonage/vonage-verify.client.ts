// Vonage Verify v2: the vendor makes, sends and checks the code. One verification runs per number at a time, so a newer start
// ends the older one, and a resend is a new start with a new code.
import type { Clock } from '../../../platform/clock/clock';
import type { OutboundAnswer, OutboundFailure } from '../../../platform/http/outbound-http';
import type { ProviderResult } from '../../contract/failure';
import type {
  Channel,
  CheckAnswer,
  CheckRequest,
  ProviderDependencies,
  Started,
  StartRequest,
  VerificationService,
} from '../../contract/provider';
import { failed, parseObject, transportFailure, unreadable } from '../../contract/vendor-answer';
import type { VonageVerifyConfig } from './vonage-verify.config';
import { outcomeOf } from './vonage-verify.failures';
import { isCompleted, localeOf, readRequestId, type VonageVerificationBody } from './vonage-verify.wire';
import { vonageFailure } from './vonage.failures';
import { VonageRequests } from './vonage.request';
import { readProblem } from './vonage.wire';

const root = '/v2/verify';
/** Of `channel_timeout`: a verification ends before the challenge, or long after it, only where Vonage wants it so. */
const lifetimeSeconds = { min: 15, max: 900 };

/** Vonage's own default is four: too few to guess at (security.md 5.2). */
const codeLengthUnlessConfigured = 6;

type Answer = OutboundAnswer | OutboundFailure;
export class VonageVerifyClient implements VerificationService {
  readonly kind = 'service';
  readonly provider = 'vonage-verify';
  readonly channels: readonly Channel[] = ['sms', 'voice'];
  readonly codeLength: number | null;
  readonly endsAfterWrongCodes = 3;
  readonly restart = 'ends_former';
  private readonly requests: VonageRequests;
  private readonly brand: string;
  private readonly clock: Clock;

  constructor(dependencies: ProviderDependencies<VonageVerifyConfig>) {
    this.requests = new VonageRequests(dependencies);
    this.brand = dependencies.config.brand;
    this.codeLength = dependencies.config.VONAGE_CODE_LENGTH ?? null;
    this.clock = dependencies.clock;
  }

  async start(request: StartRequest): Promise<Started> {
    const body = this.bodyOf(request);
    const answer = await this.requests.post(root, body);
    if (!answer.ok || answer.status !== 409) return this.started(answer);
    const running = readProblem(parseObject(answer.text))?.runningRequestId;
    // Vonage cancels from 30 seconds after the start; until then the number has to wait.
    if (running === undefined || !(await this.cancel(running))) return this.started(answer);
    const again = this.started(await this.requests.post(root, body));
    return again.ok ? again : failed({ ...again.failure, endedFormer: true });
  }

  async check({ providerVerificationId: id, code }: CheckRequest): Promise<ProviderResult<CheckAnswer>> {
    const answer = await this.requests.post(`${root}/${encodeURIComponent(id)}`, { code });
    if (!answer.ok) return failed(transportFailure(answer));
    const body = parseObject(answer.text);
    if (answer.status >= 400) {
      const problem = readProblem(body);
      const outcome = outcomeOf(answer, problem);
      if (outcome) return { ok: true, value: outcome };
      return failed(vonageFailure(answer, problem, this.clock.now()));
    }
    if (body === undefined || !isCompleted(body, id)) return failed(unreadable(answer));
    return { ok: true, value: { outcome: 'approved', ended: true } };
  }

  private async cancel(id: string): Promise<boolean> {
    const answer = await this.requests.delete(`${root}/${encodeURIComponent(id)}`);
    return answer.ok && answer.status === 204;
  }

  private bodyOf({ to, channel, locale, reference, ttlSeconds }: StartRequest): VonageVerificationBody {
    const language = locale === null ? undefined : localeOf(locale);
    return {
      brand: this.brand,
      code_length: this.codeLength ?? codeLengthUnlessConfigured,
      channel_timeout: Math.min(Math.max(ttlSeconds, lifetimeSeconds.min), lifetimeSeconds.max),
      client_ref: reference.replace(/[^a-zA-Z0-9]/g, '').slice(0, 40),
      ...(language !== undefined && { locale: language }),
      workflow: [{ channel, to: to.replace(/^\+/, '') }],
    };
  }

  private started(answer: Answer): Started {
    if (!answer.ok) return failed(transportFailure(answer));
    const body = parseObject(answer.text);
    if (answer.status >= 400) return failed(vonageFailure(answer, readProblem(body), this.clock.now()));
    const id = body && readRequestId(body);
    if (id === undefined) return failed(unreadable(answer));
    return { ok: true, value: { providerVerificationId: id } };
  }
}
