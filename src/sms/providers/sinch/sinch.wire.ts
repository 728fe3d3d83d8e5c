// Sinch SMS's own words: what goes out to POST /xms/v1/{service plan}/batches and what comes back, checked on arrival.
import { type JsonObject, vendorCode, vendorId } from '../../contract/vendor-answer';

export interface SinchBatchBody {
  /** Number, short code or alphanumeric sender. */
  readonly from: string;
  /** +E.164; answers and callbacks name it without the +. */
  readonly to: readonly string[];
  readonly body: string;
  readonly type: 'mt_text';
  /** ISO 8601; the vendor's default is three days, long after a code is of any use. */
  readonly expire_at: string;
  /** Our delivery id; comes back in delivery reports. It does not keep a repeated batch from being sent. */
  readonly client_reference: string;
  readonly delivery_report?: 'per_recipient';
  /** Instead of the service plan's own. */
  readonly callback_url?: string;
}

export interface SinchBatch {
  readonly id: string;
  readonly canceled: boolean;
}

export interface SinchError {
  readonly code: string | undefined;
  /** The refused parameter is the destination. */
  readonly aboutNumber: boolean;
}

/** @returns undefined when there is no batch with a usable id. */
export function readBatch(body: JsonObject): SinchBatch | undefined {
  const id = vendorId(body['id']);
  return id === undefined ? undefined : { id, canceled: body['canceled'] === true };
}

/** `{code, text}`; a batch has no `code`. The text names the parameter as 'to[0]'. */
export function readError(body: JsonObject): SinchError | undefined {
  const { code, text } = body;
  if (code === undefined) return undefined;
  return { code: vendorCode(code), aboutNumber: typeof text === 'string' && /'to(\[\d+\])?'/.test(text) };
}
