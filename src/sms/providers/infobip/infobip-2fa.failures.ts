// Infobip 2FA's refusals and verdicts in our words. Sources: Infobip OpenAPI 3.210.0 (messageId, MESSAGE_NOT_SENT);
// pinError values from older Infobip documentation, hence the fallback to `verified` and `attemptsRemaining`.
import type { OutboundAnswer } from '../../../platform/http/outbound-http';
import type { ProviderFailure, ProviderFailureKind } from '../../contract/failure';
import type { Channel, CheckAnswer } from '../../contract/provider';
import { kindOfStatus, refusal, retryAfterSeconds, unreadable, vendorCode } from '../../contract/vendor-answer';
import type { InfobipError, InfobipStarted, InfobipVerdict } from './infobip-2fa.wire';

const kindOfCode: Readonly<Record<string, ProviderFailureKind>> = {
  BAD_REQUEST: 'misconfigured',
  E400: 'misconfigured',
  UNAUTHORIZED: 'bad_credentials',
  E401: 'bad_credentials',
  // The key lacks the scope 2fa:pin:send.
  FORBIDDEN: 'bad_credentials',
  E403: 'bad_credentials',
  NOT_FOUND: 'misconfigured',
  TOO_MANY_REQUESTS: 'throttled',
  E429: 'throttled',
  GENERAL_ERROR: 'unavailable',
  E500: 'unavailable',
};

const kindOfCallStatus: Readonly<Record<string, ProviderFailureKind>> = {
  REJECTED_NOT_ENOUGH_CREDITS: 'out_of_credit',
  REJECTED_PREPAID_PACKAGE_EXPIRED: 'out_of_credit',
  REJECTED_PREFIX_MISSING: 'invalid_number',
  MISSING_TO: 'invalid_number',
  REJECTED_FLOODING_FILTER: 'throttled',
  REJECTED_ROUTE_NOT_AVAILABLE: 'unsupported_destination',
  REJECTED_DESTINATION: 'unsupported_destination',
  REJECTED_DESTINATION_NOT_REGISTERED: 'unsupported_destination',
  REJECTED_NETWORK: 'blocked',
  REJECTED_DND: 'blocked',
  DESTINATION_BLOCKLISTED: 'blocked',
  SIGNALS_BLOCKED: 'blocked',
};

export function infobipFailure(answer: OutboundAnswer, error: InfobipError | undefined, now: Date): ProviderFailure {
  const kind = kindOf(answer.status, error);
  const wait = kind === 'throttled' ? retryAfterSeconds(answer.headers, now) : undefined;
  return refusal(kind, answer, { code: error?.code, retryAfterSeconds: wait });
}

function kindOf(status: number, error: InfobipError | undefined): ProviderFailureKind {
  if (status >= 500) return 'unavailable';
  const kind = kindOfCode[error?.code ?? ''] ?? kindOfStatus(status);
  const refusedField = error?.code === 'BAD_REQUEST' || error?.code === 'E400';
  return refusedField && error.aboutNumber ? 'invalid_number' : kind;
}

/** A 200 that carries a pin id and yet sent nothing. @returns undefined when the message is on its way. */
export function hiddenRefusal(
  started: InfobipStarted,
  channel: Channel,
  answer: OutboundAnswer,
): ProviderFailure | undefined {
  if (channel === 'voice') return refusedCall(started.callStatus, answer);
  if (started.smsStatus === 'MESSAGE_SENT') return undefined;
  if (started.smsStatus !== 'MESSAGE_NOT_SENT') return unreadable(answer);
  const kindOfLookup: Readonly<Record<string, ProviderFailureKind>> = {
    NC_DESTINATION_UNKNOWN: 'invalid_number',
    NC_DESTINATION_NOT_REACHABLE: 'unsupported_destination',
  };
  const kind = kindOfLookup[started.ncStatus ?? ''] ?? 'unavailable';
  return refusal(kind, answer, { code: 'MESSAGE_NOT_SENT' });
}

function refusedCall(status: string | undefined, answer: OutboundAnswer): ProviderFailure | undefined {
  if (status?.startsWith('PENDING') === true) return undefined;
  const kind = kindOfCallStatus[status ?? ''];
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
