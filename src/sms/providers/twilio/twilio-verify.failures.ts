// Twilio Verify's verdicts in our words. Sources: OpenAPI twilio_verify_v2 (status), www.twilio.com/docs/verify/api/
// verification-check (404 once approved, expired or used up) and the error dictionary (60202).
import type { OutboundAnswer } from '../../../platform/http/outbound-http';
import type { CheckAnswer } from '../../contract/provider';
import type { TwilioVerification } from './twilio-verify.wire';

const answerOfStatus: ReadonlyMap<string, CheckAnswer> = new Map([
  ['approved', { outcome: 'approved', ended: true }],
  // A wrong code is a success that says pending.
  ['pending', { outcome: 'wrong_code', ended: false }],
  ['max_attempts_reached', { outcome: 'too_many_attempts', ended: true }],
  ['expired', { outcome: 'expired', ended: true }],
  ['canceled', { outcome: 'gone', ended: true }],
  ['deleted', { outcome: 'gone', ended: true }],
  ['failed', { outcome: 'gone', ended: true }],
]);

/** @returns undefined for a status that is not documented, or one that `valid` contradicts. */
export function outcomeOf({ status, valid }: TwilioVerification): CheckAnswer | undefined {
  const answer = answerOfStatus.get(status);
  return valid === (answer?.outcome === 'approved') ? answer : undefined;
}

/** 4xx answers to a check that are outcomes, not failures. */
export function outcomeOfError({ status }: OutboundAnswer, code: number | undefined): CheckAnswer | undefined {
  // Twilio deletes a verification that was approved, has expired, or has used up its five checks.
  if (status === 404 && code === 20404) return { outcome: 'gone', ended: true };
  if (status === 429 && code === 60202) return { outcome: 'too_many_attempts', ended: true };
  return undefined;
}
