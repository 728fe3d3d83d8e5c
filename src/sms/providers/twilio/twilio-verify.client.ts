// Twilio Verify: the vendor makes, sends and checks the code of a service that the operator set up. Starting again while a
// verification is pending sends the same code, so a resend is a start.
import type { OutboundAnswer, OutboundFailure } from '../../../platform/http/outbound-http';
import type { ProviderResult } from '../../contract/failure';
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
import {
  failed,
  type JsonObject,
  parseObject,
  refusal,
  transportFailure,
  unreadable,
} from '../../contract/vendor-answer';
import type { TwilioVerifyConfig } from './twilio-verify.config';
import { outcomeOf, outcomeOfError } from './twilio-verify.failures';
import { channelOf, localeOf, readVerification, type TwilioVerificationForm } from './twilio-verify.wire';
import { twilioFailure } from './twilio.failures';
import { postToTwilio, type TwilioForm } from './twilio.request';
import { readErrorCode } from './twilio.wire';

/** No speech in that language. */
const localeNotSpoken = 60331;

export class TwilioVerifyClient implements VerificationService {
  readonly kind = 'service';
  readonly provider = 'twilio-verify';
  readonly channels: readonly Channel[] = ['sms', 'voice'];
  readonly codeLength: number | null;
  // Five checks are evaluated; the sixth is told that they are used up.
  readonly endsAfterWrongCodes = 6;
  readonly restart = { goesOnSeconds: 600 };

  constructor(private readonly given: ProviderDependencies<TwilioVerifyConfig>) {
    this.codeLength = given.config.TWILIO_CODE_LENGTH ?? null;
  }

  async start({ to, channel, locale }: StartRequest): Promise<Started> {
    const form: TwilioVerificationForm = { To: to, Channel: channelOf(channel) };
    const plain = (): Promise<OutboundAnswer | OutboundFailure> => this.post('Verifications', form);
    if (locale === null) return this.started(await plain());
    const answer = await this.post('Verifications', { ...form, Locale: localeOf(locale) });
    // Nothing was sent: Twilio's own advice is to leave the language to it then.
    return this.started(isUnknownLocale(answer) ? await plain() : answer);
  }

  /** The same code again while it is pending, else a new verification: which of the two, Twilio knows. */
  resend(request: ResendRequest): Promise<Started> {
    return this.start(request);
  }

  async check({ providerVerificationId, code }: CheckRequest): Promise<ProviderResult<CheckAnswer>> {
    const answer = await this.post('VerificationCheck', { VerificationSid: providerVerificationId, Code: code });
    if (!answer.ok) return failed(transportFailure(answer));
    const body = parseObject(answer.text);
    if (answer.status >= 400) {
      const outcome = outcomeOfError(answer, readErrorCode(body));
      return outcome ? { ok: true, value: outcome } : this.refused(answer, body);
    }
    const verification = body && readVerification(body);
    const outcome = verification && outcomeOf(verification);
    // An answer about another verification proves nothing about this one.
    const foreign = verification?.sid !== providerVerificationId;
    if (outcome === undefined || foreign) return failed(unreadable(answer));
    return { ok: true, value: outcome };
  }

  private started(answer: OutboundAnswer | OutboundFailure): Started {
    if (!answer.ok) return failed(transportFailure(answer));
    const body = parseObject(answer.text);
    if (answer.status >= 400) return this.refused(answer, body);
    const verification = body && readVerification(body);
    if (verification === undefined) return failed(unreadable(answer));
    if (verification.status !== 'pending') return failed(refusal('unknown', answer));
    return { ok: true, value: { providerVerificationId: verification.sid } };
  }

  private refused(answer: OutboundAnswer, body: JsonObject | undefined): ProviderResult<never> {
    return failed(twilioFailure(answer, readErrorCode(body), this.given.clock.now()));
  }

  private post(operation: string, form: TwilioForm): Promise<OutboundAnswer | OutboundFailure> {
    const { config, http } = this.given;
    const service = `${config.TWILIO_VERIFY_BASE_URL}/v2/Services/${config.TWILIO_VERIFY_SERVICE_SID ?? ''}`;
    return postToTwilio(http, config, `${service}/${operation}`, form);
  }
}

function isUnknownLocale(answer: OutboundAnswer | OutboundFailure): boolean {
  if (!answer.ok || answer.status < 400) return false;
  return answer.status === 404 || readErrorCode(parseObject(answer.text)) === localeNotSpoken;
}
