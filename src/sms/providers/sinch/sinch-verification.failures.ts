// Sinch Verification's error codes and verdicts in our words. Sources: the vendor's OpenAPI 2.0.1 (error examples), and
// community.sinch.com "Verification Result and Reason Codes" (which reason comes with which status).
import type { OutboundAnswer } from '../../../platform/http/outbound-http';
import type { ProviderFailure, ProviderFailureKind } from '../../contract/failure';
import type { CheckAnswer } from '../../contract/provider';
import { kindOfStatus, refusalWithWait } from '../../contract/vendor-answer';
import type { SinchVerdict } from './sinch-verification.wire';

const kindOfCode: ReadonlyMap<string, ProviderFailureKind> = new Map([
  ['40001', 'invalid_number'],
  ['40002', 'misconfigured'],
  ['40003', 'invalid_number'],
  ['40005', 'invalid_number'],
  ['40100', 'bad_credentials'],
  ['40101', 'bad_credentials'],
  ['40102', 'bad_credentials'],
  ['40104', 'bad_credentials'],
  ['40107', 'bad_credentials'],
  ['40200', 'out_of_credit'],
  ['40300', 'blocked'],
  ['40303', 'misconfigured'],
  ['40400', 'unknown'],
  ['40900', 'duplicate'],
  ['42200', 'misconfigured'],
  ['42201', 'unsupported_destination'],
  ['42900', 'throttled'],
  ['42901', 'throttled'],
]);

export function sinchFailure(answer: OutboundAnswer, code: string | undefined, now: Date): ProviderFailure {
  const kind =
    answer.status >= 500 || code?.startsWith('50') === true
      ? 'unavailable'
      : (kindOfCode.get(code ?? '') ?? kindOfStatus(answer.status));
  return refusalWithWait(kind, answer, code, now);
}

/** 4xx answers to a report that are outcomes, not failures. */
export function outcomeOfCode(code: string | undefined): CheckAnswer | undefined {
  // "Invalid identity or code": not said whether the verification lives on, so it may be asked again.
  if (code === '40003') return { outcome: 'wrong_code', ended: false };
  if (code === '40400') return { outcome: 'gone', ended: true };
  return undefined;
}

const answerOfStatus: ReadonlyMap<string, CheckAnswer> = new Map([
  ['SUCCESSFUL', { outcome: 'approved', ended: true }],
  ['DENIED', { outcome: 'gone', ended: true }],
  ['ABORTED', { outcome: 'gone', ended: true }],
  ['ERROR', { outcome: 'gone', ended: true }],
  ['PENDING', { outcome: 'wrong_code', ended: false }],
]);

/** @returns undefined for a status the vendor does not document. */
export function outcomeOf({ status, reason }: SinchVerdict): CheckAnswer | undefined {
  if (status === 'FAIL') return { outcome: outcomeOfFail(reason), ended: true };
  return answerOfStatus.get(status ?? '');
}

function outcomeOfFail(reason: string | undefined): CheckAnswer['outcome'] {
  if (reason === 'Expired') return 'expired';
  return reason === undefined || reason === 'Invalid code' ? 'wrong_code' : 'gone';
}
