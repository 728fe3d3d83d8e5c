// What a gateway's `error` says (docs/sms-gateway.md), else what its status says.
import type { OutboundAnswer } from '../../../platform/http/outbound-http';
import type { ProviderFailure, ProviderFailureKind } from '../../contract/failure';
import { kindOfStatus, refusalWithWait, vendorCode } from '../../contract/vendor-answer';

const kindOfError: ReadonlyMap<unknown, ProviderFailureKind> = new Map<unknown, ProviderFailureKind>([
  ['invalid_number', 'invalid_number'],
  ['unsupported_destination', 'unsupported_destination'],
  ['blocked', 'blocked'],
  ['opted_out', 'opted_out'],
  ['throttled', 'throttled'],
  ['out_of_credit', 'out_of_credit'],
  ['bad_signature', 'bad_credentials'],
  // Its clock and ours differ by more than its tolerance.
  ['stale', 'misconfigured'],
  ['expired', 'misconfigured'],
  ['bad_request', 'misconfigured'],
  ['misconfigured', 'misconfigured'],
  ['unavailable', 'unavailable'],
]);

export function gatewayFailure(answer: OutboundAnswer, error: unknown, now: Date): ProviderFailure {
  const byStatus = answer.status === 409 ? 'duplicate' : kindOfStatus(answer.status);
  const kind = answer.status >= 500 ? 'unavailable' : (kindOfError.get(error) ?? byStatus);
  return refusalWithWait(kind, answer, vendorCode(error), now);
}
