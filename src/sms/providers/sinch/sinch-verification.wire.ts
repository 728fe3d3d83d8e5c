// Sinch Verification's own words, checked on arrival.
import { type JsonObject, vendorCode, vendorId } from '../../contract/vendor-answer';
import type { Channel } from '../../contract/provider';

export type SinchMethod = 'sms' | 'callout';

export interface SinchStartBody {
  readonly identity: { readonly type: 'number'; readonly endpoint: string };
  readonly method: SinchMethod;
  /** Unique per start: a second start with the same one is refused with 409/40900. */
  readonly reference: string;
  readonly calloutOptions?: { readonly speech: { readonly locale: string } };
}

export type SinchReportBody =
  | { readonly method: 'sms'; readonly sms: { readonly code: string } }
  | { readonly method: 'callout'; readonly callout: { readonly code: string } };

export interface SinchVerdict {
  /** undefined when the answer carries none: it is not about a verification we can name. */
  readonly id: string | undefined;
  readonly status: string | undefined;
  readonly reason: string | undefined;
}

export function methodOf(channel: Channel): SinchMethod {
  return channel === 'voice' ? 'callout' : 'sms';
}

export function readId(body: JsonObject): string | undefined {
  return vendorId(body['id']);
}

export function readVerdict(body: JsonObject): SinchVerdict {
  return { id: readId(body), status: textOf(body['status']), reason: textOf(body['reason']) };
}

/** `errorCode` is a number in the vendor's examples and a string in its schema. */
export function readErrorCode(body: JsonObject): string | undefined {
  return vendorCode(body['errorCode']);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
