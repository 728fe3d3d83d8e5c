// Infobip 2FA's hidden refusals and verdicts in our words. Sources: Infobip OpenAPI 3.210.0 (MESSAGE_NOT_SENT); pinError
// values from older Infobip documentation, hence the fallback to `verified` and `attemptsRemaining`.
import type { OutboundAnswer } from '../../../platform/http/outbound-http';
import type { ProviderFailure, ProviderFailureKind } from '../../contract/failure';
import type { Channel, CheckAnswer } from '../../contract/provider';
import { refusal, unreadable, vendorCode } from '../../contract/vendor-answer';
import { kindOfMessageStatus } from './infobip.failures';
import type { InfobipStarted, InfobipVerdict } from './infobip-2fa.wire';

/** A 200 that carries a pin id and yet sent nothing. @returns undefined when the message is on its way. */
export function hiddenRefusal(
  started: InfobipStarted,
  channel: Channel,
  answer: OutboundAnswer,
): ProviderFailure | undefined {
  if (channel === 'voice') return refusedCall(started.callStatus, answer);
  if (started.smsStatus === 'MESSAGE_SENT') return undefined;
  if (started.smsStatus !== 'MESSAGE_NOT_SENT') return unreadable(answer);
  const kindOfLookup: ReadonlyMap<string, ProviderFailureKind> = new Map([
    ['NC_DESTINATION_UNKNOWN', 'invalid_number'],
    ['NC_DESTINATION_NOT_REACHABLE', 'unsupported_destination'],
  ]);
  const kind = kindOfLookup.get(started.ncStatus ?? '') ?? 'unavailable';
  return refusal(kind, answer, { code: 'MESSAGE_NOT_SENT' });
}

function refusedCall(status: string | undefined, answer: OutboundAnswer): ProviderFailure | undefined {
  if (status?.startsWith('PENDING') === true) return undefined;
  const kind = kindOfMessageStatus({ name: status });
  if (kind === undefined && status?.startsWith('REJECTED') !== true) return unreadable(answer);
  return refusal(kind ?? 'unknown', answer, { code: vendorCode(status) });
}

export function outcomeOf(verdict: InfobipVerdict): CheckAnswer {
  const noneLeft = verdict.attemptsRemaining === 0;
  switch (verdict.pinError) {
    case 'WRONG_PIN':
      return { outcome: 'wrong_code', ended: noneLeft };
    case 'TTL_EXPIRED':
    case 'PIN_EXPIRED':
      return { outcome: 'expired', ended: true };
    case 'NO_MORE_PIN_ATTEMPTS':
      return { outcome: 'too_many_attempts', ended: true };
    case undefined:
    case '':
    case 'NO_ERROR':
      if (verdict.verified) return { outcome: 'approved', ended: true };
  }
  // A value we do not know, or none beside `verified: false`; an unknown error never approves.
  return noneLeft ? { outcome: 'too_many_attempts', ended: true } : { outcome: 'wrong_code', ended: false };
}
