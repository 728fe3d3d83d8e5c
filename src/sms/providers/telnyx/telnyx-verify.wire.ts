// Telnyx Verify's own words: what goes out to POST /v2/verifications/sms and /call and what comes back, checked on arrival.
import { isObject, type JsonObject, vendorId } from '../../contract/vendor-answer';

export interface TelnyxVerificationBody {
  readonly phone_number: string;
  readonly verify_profile_id: string;
  readonly custom_code: string;
  readonly timeout_secs: number;
}

export interface TelnyxVerification {
  readonly id: string;
  /** The verification was made but is over already: a status inside a 200. */
  readonly refused: boolean;
}

const endedStatuses: readonly unknown[] = ['invalid', 'expired', 'error'];

/** @returns undefined when there is no verification with a usable id. */
export function readVerification(body: JsonObject): TelnyxVerification | undefined {
  const data = body['data'];
  const id = isObject(data) ? vendorId(data['id']) : undefined;
  if (!isObject(data) || id === undefined) return undefined;
  return { id, refused: endedStatuses.includes(data['status']) };
}
