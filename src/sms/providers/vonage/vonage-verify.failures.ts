// Vonage Verify's verdicts in our words: all but one come as a 4xx. Sources: OpenAPI Verify 1.0.1 (responses, x-errors) and the
// fixtures of Vonage's PHP SDK (test/Verify2/Fixtures).
import type { OutboundAnswer } from '../../../platform/http/outbound-http';
import type { CheckAnswer } from '../../contract/provider';
import type { VonageProblem } from './vonage.wire';

const answerOfStatus: ReadonlyMap<number, CheckAnswer> = new Map([
  // Unknown, or verified already.
  [404, { outcome: 'gone', ended: true }],
  // The step takes no code: this verification cannot be completed by one any more.
  [409, { outcome: 'gone', ended: true }],
  // The third wrong code; its type ends in #expired.
  [410, { outcome: 'too_many_attempts', ended: true }],
]);

/** @returns undefined when the refusal says nothing about the code. */
export function outcomeOf({ status }: OutboundAnswer, problem: VonageProblem | undefined): CheckAnswer | undefined {
  if (problem === undefined) return undefined;
  const isWrongCode = status === 400 && (problem.code === 'invalid-code' || problem.title === 'Invalid Code');
  return isWrongCode ? { outcome: 'wrong_code', ended: false } : answerOfStatus.get(status);
}
