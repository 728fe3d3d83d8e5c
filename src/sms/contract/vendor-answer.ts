// What every vendor adapter does with an answer before its own table speaks: reads JSON without trusting it, tells
// "certainly not sent" from "maybe sent" (F13), reads Retry-After. Never carries the vendor's text onwards (F04).
import type { OutboundAnswer, OutboundFailure } from '../../platform/http/outbound-http';
import type { ProviderFailure, ProviderFailureKind, ProviderResult } from './failure';

export type JsonObject = Readonly<Record<string, unknown>>;

const longestRetryAfterSeconds = 86_400;
const HTTP_REQUEST_TIMEOUT = 408;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns the object, or undefined for HTML, truncated JSON, arrays and scalars. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A vendor's id: printable ASCII without spaces, 1 to 128 characters; a number or anything else is not an id. */
export function vendorId(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\x21-\x7e]{1,128}$/.test(value) ? value : undefined;
}

/** A vendor's error code as text, or undefined when it could be something else (a number, a phone, a one-time code). */
export function vendorCode(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || /\d{6}/.test(text)) return undefined;
  return /^(?:\d{1,5}|[A-Za-z][A-Za-z0-9_.-]{0,63})$/.test(text) ? text : undefined;
}

/**
 * Retry-After of RFC 9110 10.2.3 (seconds or a date), 0 to one day.
 * @returns undefined when the header is absent or unreadable.
 */
export function retryAfterSeconds(headers: Readonly<Record<string, string>>, now: Date): number | undefined {
  const text = headers['retry-after']?.trim();
  if (text === undefined || text === '') return undefined;
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : (Date.parse(text) - now.getTime()) / 1000;
  if (!Number.isFinite(seconds)) return undefined;
  return Math.min(Math.max(Math.ceil(seconds), 0), longestRetryAfterSeconds);
}

/** What an adapter returns when the vendor has not done what was asked. */
export function failed(failure: ProviderFailure): Extract<ProviderResult<never>, { ok: false }> {
  return { ok: false, failure };
}

/** No readable answer came: kind `unavailable`, and maybe-sent unless no connection existed. */
export function transportFailure(failure: OutboundFailure): ProviderFailure {
  return {
    kind: 'unavailable',
    certainty: failure.mayHaveArrived ? 'maybe-sent' : 'not-sent',
    transport: failure.kind,
  };
}

/** The answer is not what the vendor documents: nobody knows what it did. */
export function unreadable(answer: OutboundAnswer): ProviderFailure {
  return { kind: 'unknown', certainty: 'maybe-sent', httpStatus: answer.status };
}

/** The vendor said no. A 5xx may come after the message left its hands, and so may a 408 (Telnyx: "while being processed"): maybe-sent. */
export function refusal(
  kind: ProviderFailureKind,
  answer: OutboundAnswer,
  details: { code?: string | undefined; retryAfterSeconds?: number | undefined } = {},
): ProviderFailure {
  return {
    kind,
    certainty: answer.status >= 500 || answer.status === HTTP_REQUEST_TIMEOUT ? 'maybe-sent' : 'not-sent',
    httpStatus: answer.status,
    ...(details.code !== undefined && { vendorCode: details.code }),
    ...(details.retryAfterSeconds !== undefined && { retryAfterSeconds: details.retryAfterSeconds }),
  };
}

/** The same with the vendor's Retry-After, if it gave one. */
export function refusalWithWait(
  kind: ProviderFailureKind,
  answer: OutboundAnswer,
  code: string | undefined,
  now: Date,
): ProviderFailure {
  return refusal(kind, answer, { code, retryAfterSeconds: retryAfterSeconds(answer.headers, now) });
}

/** What an HTTP status alone says, for codes a vendor's table does not know. */
export function kindOfStatus(status: number): ProviderFailureKind {
  if (status >= 500) return 'unavailable';
  const kinds: Readonly<Record<number, ProviderFailureKind>> = {
    401: 'bad_credentials',
    402: 'out_of_credit',
    403: 'bad_credentials',
    404: 'misconfigured',
    405: 'misconfigured',
    408: 'unavailable',
    415: 'misconfigured',
    429: 'throttled',
  };
  return kinds[status] ?? 'unknown';
}
