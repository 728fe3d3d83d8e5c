// Twilio's error codes in our words, for Messaging and Verify. Source: the error dictionary, www.twilio.com/docs/api/errors,
// read 2026-11-21. Only the number counts: Twilio changes texts, and they may echo a phone number.
import type { OutboundAnswer } from '../../../platform/http/outbound-http';
import type { ProviderFailure, ProviderFailureKind } from '../../contract/failure';
import type { UndeliveredKind } from '../../contract/receipt';
import { kindOfStatus, refusalWithWait, vendorCode } from '../../contract/vendor-answer';

const codesOfKind: readonly (readonly [ProviderFailureKind, readonly number[]])[] = [
  // 60200 is "invalid parameter": the only parameter that varies is `To`.
  ['invalid_number', [21211, 21614, 21635, 30006, 60006, 60200]],
  // No route, country not enabled, SMS to a landline; a trial account that reaches verified numbers only.
  ['unsupported_destination', [21408, 21612, 60205, 60605, 21608, 575001]],
  // By Fraud Guard, for 12 hours.
  ['blocked', [60410]],
  ['opted_out', [21610]],
  ['throttled', [20429, 21611, 30001, 60202, 60203, 60207, 60212]],
  ['out_of_credit', [10001, 20005]],
  ['bad_credentials', [20003]],
  // Account suspended (20403, 30002) or under review (60238), sender not ours, feature not enabled on the service, unknown account or service.
  ['misconfigured', [20403, 30002, 60238, 21212, 21602, 21603, 21606, 21619, 60204, 20404]],
];

const kindOfCode = new Map(codesOfKind.flatMap(([kind, codes]) => codes.map((code) => [code, kind] as const)));

export function twilioFailure(answer: OutboundAnswer, code: number | undefined, now: Date): ProviderFailure {
  const kind = answer.status >= 500 ? 'unavailable' : (kindOfCode.get(code ?? 0) ?? kindOfStatus(answer.status));
  return refusalWithWait(kind, answer, vendorCode(code), now);
}

/** 30004 blocked by the phone or carrier, 30005 unknown, 30006 landline, 30007 filtered, 30036 over its ValidityPeriod. */
const undeliveredOfCode: ReadonlyMap<string, UndeliveredKind> = new Map([
  ['21610', 'opted_out'],
  ['30004', 'blocked'],
  ['30005', 'invalid_number'],
  ['30006', 'invalid_number'],
  ['30007', 'blocked'],
  ['30036', 'expired'],
]);

/** Why a message did not arrive, from the code of its status callback. */
export function twilioUndelivered(code: string | undefined): UndeliveredKind {
  return undeliveredOfCode.get(code ?? '') ?? 'undelivered';
}
