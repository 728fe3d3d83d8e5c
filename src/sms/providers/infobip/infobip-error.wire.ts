// How all of Infobip's products refuse: two shapes, told apart on arrival.
import { isObject, type JsonObject, vendorCode } from '../../contract/vendor-answer';

export interface InfobipError {
  readonly code: string | undefined;
  /** The refusal is about the destination number, as far as its fields and words tell. */
  readonly aboutNumber: boolean;
}

/** Both shapes: `requestError.serviceException` of 2FA, and `errorCode` (E400 and so on) of the newer products. */
export function readError(body: JsonObject): InfobipError | undefined {
  const request = body['requestError'];
  const exception = isObject(request) ? request['serviceException'] : undefined;
  if (isObject(exception)) {
    return { code: vendorCode(exception['messageId']), aboutNumber: namesNumber(exception) };
  }
  if (body['errorCode'] === undefined) return undefined;
  const violations: unknown[] = Array.isArray(body['violations']) ? body['violations'] : [];
  const aboutNumber = violations.some((violation) => isObject(violation) && isNumberField(violation['property']));
  return { code: vendorCode(body['errorCode']), aboutNumber };
}

function namesNumber(exception: JsonObject): boolean {
  const fields = exception['validationErrors'];
  if (isObject(fields)) return Object.keys(fields).some(isNumberField);
  const text = exception['text'];
  return typeof text === 'string' && /\b(phone|number|msisdn|destination|to)\b/i.test(text);
}

function isNumberField(path: unknown): boolean {
  return typeof path === 'string' && /(^|\.)(to|msisdn)$/.test(path);
}
