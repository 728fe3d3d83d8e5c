// Twilio Messaging's own words, checked on arrival; the error body is the same in every Twilio product.
import { type JsonObject, vendorId } from '../../contract/vendor-answer';
import type { TwilioForm } from './twilio.request';

export interface TwilioMessageForm extends TwilioForm {
  readonly To: string;
  readonly Body: string;
  /** Seconds that the message may wait in Twilio's queue: after them it is not sent. */
  readonly ValidityPeriod: string;
}

export interface TwilioMessage {
  readonly sid: string;
  /** A failed status inside a 201: taken, but it will not be sent. */
  readonly refused: boolean;
  readonly errorCode: number | undefined;
}

const failedStatuses: readonly unknown[] = ['failed', 'undelivered', 'canceled'];

/** @returns undefined when there is no message with a usable SID. */
export function readMessage(body: JsonObject): TwilioMessage | undefined {
  const sid = vendorId(body['sid']);
  if (sid === undefined || !/^(SM|MM)/.test(sid)) return undefined;
  return { sid, refused: failedStatuses.includes(body['status']), errorCode: numberOf(body['error_code']) };
}

/** `code` of `{code, message, more_info, status}`. */
export function readErrorCode(body: JsonObject | undefined): number | undefined {
  return numberOf(body?.['code']);
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}
