// Telnyx's error codes in our words. Source: team-telnyx/knowledge-base, wiki/reference/api-error-codes.md, 2026-04-24.
import { unixSeconds } from '../../../platform/time/seconds';
import type { OutboundAnswer } from '../../../platform/http/outbound-http';
import type { ProviderFailure, ProviderFailureKind } from '../../contract/failure';
import type { UndeliveredKind } from '../../contract/receipt';
import { undeliveredOf } from '../../contract/receipt-fields';
import { kindOfStatus, refusal, retryAfterSeconds } from '../../contract/vendor-answer';
import type { TelnyxError } from './telnyx.wire';

const codesOfKind: readonly (readonly [ProviderFailureKind, readonly number[]])[] = [
  ['invalid_number', [10002, 10016, 40001, 40012, 40310]],
  ['unsupported_destination', [40301, 40309, 40331]],
  ['blocked', [40002, 40004, 40015, 40020, 40322]],
  ['opted_out', [40300]],
  ['throttled', [10011, 40011, 40016, 40018, 40318, 40333]],
  ['out_of_credit', [20012, 20100]],
  // 20013: the account is blocked, whatever the number.
  ['bad_credentials', [10009, 10010, 20001, 20002, 20008, 20013, 20014, 20016, 20017]],
  // Our account's level, our sender, our set-up, and our own bugs: an operator or a developer has to act in each case.
  ['misconfigured', [10038, 10039, 40003, 40010, 40013, 40305, 40306, 40307, 40312, 40314, 40315, 40329, 40330]],
  ['misconfigured', [10004, 10006, 10015, 10027, 10032, 10033, 40009, 40302, 40316]],
  ['unavailable', [10007, 10037]],
];

/** Of a message, and of a verification. */
const numberFields: readonly unknown[] = ['/to', '/phone_number'];

/** In receipts: expired in Telnyx's queue, or in the carrier's. */
const lateCodes: readonly (string | undefined)[] = ['40005', '40014'];

const kindOfCode = new Map(codesOfKind.flatMap(([kind, codes]) => codes.map((code) => [String(code), kind] as const)));

/** Also for a refusal inside a 200: then the code alone decides. */
export function telnyxFailure(answer: OutboundAnswer, error: TelnyxError | undefined, now: Date): ProviderFailure {
  const kind = kindOf(answer.status, error);
  const wait = kind === 'throttled' ? waitSeconds(answer.headers, now) : retryAfterSeconds(answer.headers, now);
  return refusal(kind, answer, { code: error?.code, retryAfterSeconds: wait });
}

function kindOf(status: number, error: TelnyxError | undefined): ProviderFailureKind {
  // No funds or the account's spend limit (40333): waiting a few seconds does not help.
  if (status === 402) return 'out_of_credit';
  if (status >= 500) return 'unavailable';
  // A generic "bad parameter" that points at the number is about the number.
  if (error?.code === '10015' && numberFields.includes(error.pointer)) return 'invalid_number';
  return kindOfCode.get(error?.code ?? '') ?? kindOfStatus(status);
}

/** Why a message did not arrive, from the code in its receipt. */
export function telnyxUndelivered(code: string | undefined): UndeliveredKind {
  if (lateCodes.includes(code)) return 'expired';
  return undeliveredOf(kindOfCode.get(code ?? '')) ?? 'undelivered';
}

/** Retry-After, else x-ratelimit-reset, which one Telnyx page calls seconds left and another a unix time. */
function waitSeconds(headers: Readonly<Record<string, string>>, now: Date): number | undefined {
  const said = retryAfterSeconds(headers, now);
  const reset = headers['x-ratelimit-reset'] ?? '';
  if (said !== undefined || !/^\d{1,10}$/.test(reset)) return said;
  const unixTime = 1_000_000_000;
  const seconds = Number(reset) >= unixTime ? Number(reset) - unixSeconds(now) : Number(reset);
  return retryAfterSeconds({ 'retry-after': String(Math.max(seconds, 0)) }, now);
}
