// Sinch SMS's error codes in our words. Sources: Sinch SMS OpenAPI (2021); "HTTP Status Codes for the SMS REST API",
// developers.sinch.com/docs/sms/api-reference/status-codes. 401, 404 and 5xx have no body contract.
import type { OutboundAnswer } from '../../../platform/http/outbound-http';
import type { ProviderFailure, ProviderFailureKind } from '../../contract/failure';
import type { UndeliveredKind } from '../../contract/receipt';
import { kindOfStatus, refusalWithWait } from '../../contract/vendor-answer';
import type { SinchError } from './sinch.wire';

const kindOfCode: ReadonlyMap<string, ProviderFailureKind> = new Map([
  ['syntax_invalid_json', 'misconfigured'],
  ['syntax_invalid_parameter_format', 'misconfigured'],
  ['syntax_constraint_violation', 'misconfigured'],
  ['unknown_group', 'misconfigured'],
  ['missing_callback_url', 'misconfigured'],
  ['illegal_number_type', 'unsupported_destination'],
  // As one page of the vendor prints it.
  ['llegal_number_type', 'unsupported_destination'],
  // The account, not the number: the vendor's account manager has to lift it.
  ['blocked_account', 'misconfigured'],
]);

export function sinchSmsFailure(answer: OutboundAnswer, error: SinchError | undefined, now: Date): ProviderFailure {
  const kind = kindOf(answer.status, error);
  return refusalWithWait(kind, answer, error?.code, now);
}

function kindOf(status: number, error: SinchError | undefined): ProviderFailureKind {
  if (status >= 500) return 'unavailable';
  if (error?.code === 'syntax_invalid_parameter_format' && error.aboutNumber) return 'invalid_number';
  return kindOfCode.get(error?.code ?? '') ?? kindOfStatus(status);
}

/** "Delivery Report Error Codes" of the OpenAPI file. The account that is blocked (413) is potentially out of credits. */
const undeliveredOfCode: ReadonlyMap<string, UndeliveredKind> = new Map([
  ['402', 'unsupported_destination'],
  ['406', 'expired'],
  ['412', 'unsupported_destination'],
  ['413', 'out_of_credit'],
]);

/** Why a message did not arrive, from the code in its report. */
export function sinchUndelivered(code: string | undefined): UndeliveredKind {
  return undeliveredOfCode.get(code ?? '') ?? 'undelivered';
}
