// One POST per message; a refusal is `{refused: <word>}`.
import type { Accepted, MessageSender, ProviderDependencies, SendRequest } from '../../../../src/sms/contract/provider';
import {
  kindOfStatus,
  parseObject,
  refusalWithWait,
  transportFailure,
  unreadable,
  vendorCode,
  vendorId,
} from '../../../../src/sms/contract/vendor-answer';
import { postJson } from '../../../../src/sms/contract/vendor-request';
import type { CarrierPigeonConfig } from './carrier-pigeon.config';

export class CarrierPigeonClient implements MessageSender {
  readonly kind = 'sender';
  readonly provider = 'carrier-pigeon';

  constructor(private readonly given: ProviderDependencies<CarrierPigeonConfig>) {}

  async send({ to, text, reference }: SendRequest): Promise<Accepted> {
    const { config, http, clock } = this.given;
    const headers = { 'x-ring': config.PIGEON_RING?.reveal() ?? '' };
    const answer = await postJson(http, `${config.PIGEON_BASE_URL}/pigeons`, headers, { to, text, reference });
    if (!answer.ok) return { ok: false, failure: transportFailure(answer) };
    const body = parseObject(answer.text);
    if (answer.status >= 400) {
      const code = vendorCode(body?.['refused']);
      // Under a 5xx no word is to be trusted: it may have flown.
      const isRefused = answer.status < 500 && code === 'no_such_number';
      const kind = isRefused ? 'invalid_number' : kindOfStatus(answer.status);
      return { ok: false, failure: refusalWithWait(kind, answer, code, clock.now()) };
    }
    const id = vendorId(body?.['pigeon']);
    return id === undefined
      ? { ok: false, failure: unreadable(answer) }
      : { ok: true, value: { providerMessageId: id } };
  }
}
