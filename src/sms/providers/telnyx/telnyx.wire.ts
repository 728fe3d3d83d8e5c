// Telnyx's own words: what goes out to POST /v2/messages and what comes back, checked on arrival.
import { isObject, type JsonObject, vendorCode, vendorId } from '../../contract/vendor-answer';

export interface TelnyxMessageBody {
  readonly from: string;
  readonly messaging_profile_id?: string;
  readonly to: string;
  readonly text: string;
  readonly type: 'SMS';
  /** Instead of the messaging profile's. */
  readonly webhook_url?: string;
}

export interface TelnyxMessage {
  readonly id: string;
  /** The message was taken but will not be delivered: `errors` or a failed status inside a 200. */
  readonly refused: boolean;
}

export interface TelnyxError {
  readonly code: string | undefined;
  /** JSON pointer to the field at fault, such as /to. */
  readonly pointer: string | undefined;
}

const failedStatuses: readonly unknown[] = ['sending_failed', 'delivery_failed', 'expired'];

/** @returns undefined when there is no message with a usable id. */
export function readMessage(body: JsonObject): TelnyxMessage | undefined {
  const data = body['data'];
  const id = isObject(data) ? vendorId(data['id']) : undefined;
  if (!isObject(data) || id === undefined) return undefined;
  const first: unknown = Array.isArray(data['to']) ? data['to'][0] : undefined;
  const failed = isObject(first) && failedStatuses.includes(first['status']);
  return { id, refused: failed || firstOf(data['errors']) !== undefined };
}

/** The first entry of `errors`, at the top or inside `data`. */
export function readError(body: JsonObject): TelnyxError | undefined {
  const data = body['data'];
  const error = firstOf(body['errors']) ?? (isObject(data) ? firstOf(data['errors']) : undefined);
  if (error === undefined) return undefined;
  const source = error['source'];
  const pointer = isObject(source) ? source['pointer'] : undefined;
  return { code: vendorCode(error['code']), pointer: typeof pointer === 'string' ? pointer : undefined };
}

function firstOf(errors: unknown): JsonObject | undefined {
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  return isObject(first) ? first : undefined;
}
