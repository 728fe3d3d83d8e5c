// What all of Infobip's products refuse, in our words. Sources: Infobip OpenAPI 3.210.0 (error codes of both shapes);
// "Response status and error codes", infobip.com/docs/essentials/api-essentials (general status codes).
import type { OutboundAnswer } from '../../../platform/http/outbound-http';
import type { ProviderFailure, ProviderFailureKind } from '../../contract/failure';
import type { UndeliveredKind } from '../../contract/receipt';
import { undeliveredOf } from '../../contract/receipt-fields';
import { kindOfStatus, refusalWithWait } from '../../contract/vendor-answer';
import type { InfobipError } from './infobip-error.wire';

const kindOfCode: ReadonlyMap<string, ProviderFailureKind> = new Map([
  ['BAD_REQUEST', 'misconfigured'],
  ['E400', 'misconfigured'],
  ['UNAUTHORIZED', 'bad_credentials'],
  ['E401', 'bad_credentials'],
  // The key lacks a scope: 2fa:pin:send, sms:message:send.
  ['FORBIDDEN', 'bad_credentials'],
  ['E403', 'bad_credentials'],
  ['NOT_FOUND', 'misconfigured'],
  ['TOO_MANY_REQUESTS', 'throttled'],
  ['E429', 'throttled'],
  ['GENERAL_ERROR', 'unavailable'],
  ['E500', 'unavailable'],
]);

export interface MessageStatus {
  readonly id?: number | undefined;
  readonly name?: string | undefined;
}

const statuses: readonly (readonly [id: number, name: string, kind: ProviderFailureKind])[] = [
  [6, 'REJECTED_NETWORK', 'unsupported_destination'],
  [8, 'REJECTED_PREFIX_MISSING', 'invalid_number'],
  [10, 'REJECTED_DND', 'blocked'],
  [11, 'REJECTED_SOURCE', 'misconfigured'],
  [12, 'REJECTED_NOT_ENOUGH_CREDITS', 'out_of_credit'],
  [13, 'REJECTED_SENDER', 'misconfigured'],
  [14, 'REJECTED_DESTINATION_BLOCKLISTED', 'blocked'],
  [14, 'DESTINATION_BLOCKLISTED', 'blocked'],
  [17, 'REJECTED_PREPAID_PACKAGE_EXPIRED', 'out_of_credit'],
  [18, 'REJECTED_DESTINATION_NOT_REGISTERED', 'unsupported_destination'],
  [19, 'REJECTED_ROUTE_NOT_AVAILABLE', 'unsupported_destination'],
  [20, 'REJECTED_FLOODING_FILTER', 'throttled'],
  [21, 'REJECTED_SYSTEM_ERROR', 'unavailable'],
  [23, 'REJECTED_DUPLICATE_MESSAGE_ID', 'duplicate'],
  [24, 'REJECTED_INVALID_UDH', 'misconfigured'],
  [25, 'REJECTED_MESSAGE_TOO_LONG', 'misconfigured'],
  [51, 'MISSING_TO', 'invalid_number'],
  [52, 'REJECTED_DESTINATION', 'unsupported_destination'],
  [87, 'SIGNALS_BLOCKED', 'blocked'],
];

const kindOfName = new Map(statuses.map(([, name, kind]) => [name, kind]));
const kindOfId = new Map(statuses.map(([id, , kind]) => [id, kind]));

/** By name first: ids are used twice across products. @returns undefined for a status that is no refusal we know. */
export function kindOfMessageStatus({ id, name }: MessageStatus): ProviderFailureKind | undefined {
  return name === undefined ? kindOfId.get(id ?? -1) : kindOfName.get(name);
}

export function infobipFailure(answer: OutboundAnswer, error: InfobipError | undefined, now: Date): ProviderFailure {
  const kind = kindOf(answer.status, error);
  return refusalWithWait(kind, answer, error?.code, now);
}

function kindOf(status: number, error: InfobipError | undefined): ProviderFailureKind {
  if (status >= 500) return 'unavailable';
  const kind = kindOfCode.get(error?.code ?? '') ?? kindOfStatus(status);
  const refusedField = error?.code === 'BAD_REQUEST' || error?.code === 'E400';
  return refusedField && error.aboutNumber ? 'invalid_number' : kind;
}

/** Why a message did not arrive, from the status in its report. @returns undefined where only its group says something */
export function infobipUndelivered(status: MessageStatus): UndeliveredKind | undefined {
  return undeliveredOf(kindOfMessageStatus(status));
}
