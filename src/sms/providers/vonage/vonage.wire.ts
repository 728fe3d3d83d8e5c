// Vonage Messages' own words, checked on arrival, and the problem document of every Vonage product.
import { isObject, type JsonObject, vendorCode, vendorId } from '../../contract/vendor-answer';

export interface VonageMessageBody {
  readonly message_type: 'text';
  readonly channel: 'sms';
  /** Digits only: no +. */
  readonly to: string;
  readonly from: string;
  readonly text: string;
  /** Seconds that delivery is attempted for. */
  readonly ttl: number;
  readonly client_ref: string;
  /** Where the status of this message goes. */
  readonly webhook_url?: string;
  readonly webhook_version?: 'v1';
}

export interface VonageProblem {
  /** The last part of `type`: a number for Messages (1170), a word for Verify (invalid-code). */
  readonly code: string | undefined;
  readonly title: string;
  /** The refusal is about the destination number. */
  readonly aboutRecipient: boolean;
  /** Verify, 409: the verification that runs for this number. */
  readonly runningRequestId: string | undefined;
}

export function readMessageId(body: JsonObject): string | undefined {
  return vendorId(body['message_uuid']);
}

/** RFC 9457 as Vonage writes it. @returns undefined for anything else, a proxy's error page for instance. */
export function readProblem(body: JsonObject | undefined): VonageProblem | undefined {
  const { title, type } = body ?? {};
  if (body === undefined || typeof title !== 'string') return undefined;
  const names = invalidParameters(body['invalid_parameters']);
  return {
    code: typeof type === 'string' && type.includes('#') ? vendorCode(type.split('#').at(-1)) : undefined,
    title,
    aboutRecipient: title === 'Invalid recipient' || names.some((name) => /(^|[.\]])to$/.test(name)),
    runningRequestId: vendorId(body['request_id']),
  };
}

/** An array in the specification, a single object in a fixture of Vonage's PHP SDK. */
function invalidParameters(value: unknown): string[] {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  return entries.flatMap((entry) => (isObject(entry) && typeof entry['name'] === 'string' ? [entry['name']] : []));
}
