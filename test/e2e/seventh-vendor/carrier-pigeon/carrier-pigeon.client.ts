// One POST per message; a refusal is `{refused: <word>}`.
import type { Clock } from '../../../../src/platform/clock/clock';
import type { OutboundHttp } from '../../../../src/platform/http/outbound-http';
import type { ProviderResult } from '../../../../src/sms/contract/failure';
import type { MessageSender, ProviderDependencies, SendRequest } from '../../../../src/sms/contract/provider';
import {
  kindOfStatus,
  parseObject,
  refusal,
  retryAfterSeconds,
  transportFailure,
  unreadable,
  vendorCode,
  vendorId,
} from '../../../../src/sms/contract/vendor-answer';
import type { CarrierPigeonConfig } from './carrier-pigeon.config';

export class CarrierPigeonClient implements MessageSender {
  readonly kind = 'sender';
  readonly provider = 'carrier-pigeon';
  private readonly config: CarrierPigeonConfig;
  private readonly http: OutboundHttp;
  private readonly clock: Clock;

  constructor({ config, http, clock }: ProviderDependencies<CarrierPigeonConfig>) {
    this.config = config;
    this.http = http;
    this.clock = clock;
  }

  async send({ to, text, reference }: SendRequest): Promise<ProviderResult<{ readonly providerMessageId: string }>> {
    const answer = await this.http.request({
      method: 'POST',
      url: `${this.config.PIGEON_BASE_URL}/pigeons`,
      headers: { 'content-type': 'application/json', 'x-ring': this.config.PIGEON_RING?.reveal() ?? '' },
      body: JSON.stringify({ to, text, reference }),
    });
    if (!answer.ok) return { ok: false, failure: transportFailure(answer) };
    const body = parseObject(answer.text);
    if (answer.status >= 400) {
      const code = vendorCode(body?.['refused']);
      const kind = code === 'no_such_number' ? 'invalid_number' : kindOfStatus(answer.status);
      const wait = kind === 'throttled' ? retryAfterSeconds(answer.headers, this.clock.now()) : undefined;
      return { ok: false, failure: refusal(kind, answer, { code, retryAfterSeconds: wait }) };
    }
    const id = vendorId(body?.['pigeon']);
    return id === undefined
      ? { ok: false, failure: unreadable(answer) }
      : { ok: true, value: { providerMessageId: id } };
  }
}
