// Infobip 2FA's own words, checked on arrival.
import { type JsonObject, vendorId } from '../../contract/vendor-answer';

export interface InfobipPinBody {
  readonly applicationId: string;
  readonly messageId: string;
  /** Digits only: no +. */
  readonly to: string;
}

export interface InfobipStarted {
  readonly pinId: string;
  readonly smsStatus: string | undefined;
  readonly callStatus: string | undefined;
  readonly ncStatus: string | undefined;
}

export interface InfobipVerdict {
  readonly pinId: string | undefined;
  readonly verified: boolean;
  readonly attemptsRemaining: number | undefined;
  readonly pinError: string | undefined;
}

export function readStarted(body: JsonObject): InfobipStarted | undefined {
  const pinId = vendorId(body['pinId']);
  if (pinId === undefined) return undefined;
  const [smsStatus, callStatus, ncStatus] = [body['smsStatus'], body['callStatus'], body['ncStatus']].map(textOf);
  return { pinId, smsStatus, callStatus, ncStatus };
}

/** @returns undefined unless `verified` is a boolean. */
export function readVerdict(body: JsonObject): InfobipVerdict | undefined {
  const { verified, attemptsRemaining } = body;
  if (typeof verified !== 'boolean') return undefined;
  return {
    pinId: textOf(body['pinId']),
    verified,
    attemptsRemaining: typeof attemptsRemaining === 'number' ? attemptsRemaining : undefined,
    pinError: textOf(body['pinError']),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
