// Vonage's refusals in our words. Sources: OpenAPI Messages 1.11.0 (x-errors) and Verify 1.0.1 (x-errors, responses). Two of its
// pages number some refusals of Messages differently (1060, 1100, 1150): the HTTP status and the named field go first.
import type { OutboundAnswer } from '../../../platform/http/outbound-http';
import type { ProviderFailure, ProviderFailureKind } from '../../contract/failure';
import type { UndeliveredKind } from '../../contract/receipt';
import { undeliveredOf } from '../../contract/receipt-fields';
import { kindOfStatus, refusalWithWait } from '../../contract/vendor-answer';
import type { VonageProblem } from './vonage.wire';

const codesOfKind: readonly (readonly [ProviderFailureKind, readonly (number | string)[]])[] = [
  ['invalid_number', [110, 1170, 1430]],
  // Unknown prefix, demo account, no route. Not 1260, which says that this message did not get through.
  ['unsupported_destination', [1040, 1160, 1250, 1251]],
  ['opted_out', [1240]],
  // Barred, spam, carrier or provider, Fraud Defender.
  ['blocked', [1050, 1210, 1280, 1282, 1470, 1473]],
  // Also: another verification of this number runs (409), which passes by itself.
  ['throttled', [1000, 1241, 1460, 1461, 1472, 'throttled', 'concurrent', 'conflict']],
  ['out_of_credit', [1070, 'low-balance']],
  ['bad_credentials', ['unauthorized', 'unathorized', 'unprovisioned']],
  ['misconfigured', [1010, 1020, 1021, 1022, 1060, 1080, 1090, 1120, 1130, 1140, 1150, 1410, 1420, 1440, 1450]],
  ['misconfigured', [1480, 1481, 1482, 1483, 1484, 'invalid-params', 'invalid-json', 'InvalidParams']],
  ['duplicate', [1320]],
  ['unavailable', [1030, 1100, 1230, 1331]],
];

const kindOfCode = new Map(codesOfKind.flatMap(([kind, codes]) => codes.map((code) => [String(code), kind] as const)));
const statusesThatSayAll = [401, 402, 429];

export function vonageFailure(answer: OutboundAnswer, problem: VonageProblem | undefined, now: Date): ProviderFailure {
  const kind = kindOf(answer.status, problem);
  return refusalWithWait(kind, answer, problem?.code, now);
}

function kindOf(status: number, problem: VonageProblem | undefined): ProviderFailureKind {
  if (status >= 500 || statusesThatSayAll.includes(status)) return kindOfStatus(status);
  if (problem?.aboutRecipient === true) return 'invalid_number';
  const byStatus = status === 409 ? 'throttled' : kindOfStatus(status);
  return kindOfCode.get(problem?.code ?? '') ?? byStatus;
}

const expiredCode = '1360';

/** Why a message did not arrive, from the code of its status. */
export function vonageUndelivered(code: string | undefined): UndeliveredKind {
  if (code === expiredCode) return 'expired';
  return undeliveredOf(kindOfCode.get(code ?? '')) ?? 'undelivered';
}
