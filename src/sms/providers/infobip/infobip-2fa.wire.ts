// Infobip 2FA's own words, checked on arrival.
import { isObject, type JsonObject, vendorCode, vendorId } from '../../contract/vendor-answer';

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

export interface InfobipError {
  readonly code: string | undefined;
  /** The refusal is about the destination number, as far as its fields and words tell. */
  readonly aboutNumber: boolean;
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

/** Both shapes: `requestError.serviceException` of 2FA, and `errorCode` (E400 and so on) of the newer products. */
export function readError(body: JsonObject): InfobipError | undefined {
  const request = body['requestError'];
  const exception = isObject(request) ? request['serviceException'] : undefined;
  if (isObject(exception)) {
    return { code: vendorCode(exception['messageId']), aboutNumber: namesNumber(exception) };
  }
  return body['errorCode'] === undefined ? undefined : { code: vendorCode(body['errorCode']), aboutNumber: false };
}

function namesNumber(exception: JsonObject): boolean {
  const fields = exception['validationErrors'];
  if (isObject(fields)) return Object.keys(fields).some((field) => /(^|\.)(to|msisdn)$/.test(field));
  return /\b(phone|number|msisdn|destination|to)\b/i.test(textOf(exception['text']) ?? '');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
