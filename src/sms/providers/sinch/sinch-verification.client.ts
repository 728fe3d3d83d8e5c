// Sinch Verification: the vendor makes, sends and checks the code. Every request carries an Application signature, so
// the secret itself never travels. A start is made at most once per reference: a duplicate is looked up, not repeated.
import type { OutboundAnswer, OutboundFailure } from '../../../platform/http/outbound-http';
import type { ProviderFailure, ProviderResult } from '../../contract/failure';
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
import type { SinchVerificationConfig } from './sinch-verification.config';
import { outcomeOf, outcomeOfCode, sinchFailure } from './sinch-verification.failures';
import * as wire from './sinch-verification.wire';
import { sinchSignature } from './sinch.signature';

const verifications = '/verification/v1/verifications';

export class SinchVerificationClient implements VerificationService {
  readonly kind = 'service';
  readonly provider = 'sinch-verification';
  readonly channels: readonly Channel[] = ['sms', 'voice'];
  readonly codeLength: number | null;
  readonly endsAfterWrongCodes = 1;
  readonly startsOncePerReference = true;

  constructor(private readonly given: ProviderDependencies<SinchVerificationConfig>) {
    this.codeLength = given.config.SINCH_CODE_LENGTH ?? null;
  }

  async start(request: StartRequest): Promise<Started> {
    const language: Record<string, string> = request.locale === null ? {} : { 'accept-language': request.locale };
    const answer = await this.call('POST', verifications, startBody(request), language);
    if (!answer.ok) return failed(transportFailure(answer));
    const started = parseObject(answer.text) ?? {};
    const code = wire.readErrorCode(started);
    if (answer.status === 409 || code === '40900') return this.find(request.reference, this.failureOf(answer, code));
    if (answer.status >= 400 || code !== undefined) return failed(this.failureOf(answer, code));
    const id = wire.readId(started);
    if (id === undefined) return failed(unreadable(answer));
    return { ok: true, value: { providerVerificationId: id } };
  }

  async check(request: CheckRequest): Promise<ProviderResult<CheckAnswer>> {
    const { code, providerVerificationId: id } = request;
    const body: wire.SinchReportBody =
      request.channel === 'voice' ? { method: 'callout', callout: { code } } : { method: 'sms', sms: { code } };
    const answer = await this.call('PUT', `${verifications}/id/${encodeURIComponent(id)}`, body);
    if (!answer.ok) return failed(transportFailure(answer));
    const report = parseObject(answer.text) ?? {};
    const errorCode = wire.readErrorCode(report);
    if (answer.status >= 400 || errorCode !== undefined) {
      const outcome = outcomeOfCode(errorCode);
      return outcome ? { ok: true, value: outcome } : failed(this.failureOf(answer, errorCode));
    }
    const verdict = wire.readVerdict(report);
    const outcome = outcomeOf(verdict);
    // An answer about another verification proves nothing about this one.
    const foreign = report['id'] !== undefined && verdict.id !== id;
    if (outcome === undefined || foreign) return failed(unreadable(answer));
    return { ok: true, value: outcome };
  }

  /**
   * Our own start arrived earlier (a crash before its answer was kept): take up the verification it began. One that has ended is over; of one
   * that is not found nobody knows whether its message is on the way.
   */
  private async find(reference: string, duplicate: ProviderFailure): Promise<Started> {
    const answer = await this.call('GET', `${verifications}/reference/${encodeURIComponent(reference)}`);
    const found = answer.ok && answer.status === 200 ? wire.readVerdict(parseObject(answer.text) ?? {}) : undefined;
    if (found?.status === 'PENDING' && found.id !== undefined)
      return { ok: true, value: { providerVerificationId: found.id } };
    const hasEnded = found?.status !== undefined && found.status !== 'PENDING';
    return failed(hasEnded ? duplicate : { ...duplicate, certainty: 'maybe-sent' });
  }

  private failureOf(answer: OutboundAnswer, code: string | undefined): ProviderFailure {
    return sinchFailure(answer, code, this.given.clock.now());
  }

  private call(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<OutboundAnswer | OutboundFailure> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const contentType = body === undefined ? '' : 'application/json';
    const { config, http, clock } = this.given;
    const timestamp = clock.now().toISOString();
    const secret = config.SINCH_APPLICATION_SECRET?.reveal() ?? '';
    const signature = sinchSignature(secret, { method, body: text, contentType, timestamp, path });
    return http.request({
      method,
      url: `${config.SINCH_VERIFICATION_BASE_URL}${path}`,
      headers: {
        authorization: `Application ${config.SINCH_APPLICATION_KEY?.reveal() ?? ''}:${signature}`,
        'x-timestamp': timestamp,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': contentType }),
        ...headers,
      },
      ...(body !== undefined && { body: text }),
    });
  }
}

function startBody({ to, channel, locale, reference }: StartRequest): wire.SinchStartBody {
  const method = wire.methodOf(channel);
  const spoken = method === 'callout' && locale !== null && { calloutOptions: { speech: { locale } } };
  return { identity: { type: 'number', endpoint: to }, method, reference, ...spoken };
}
