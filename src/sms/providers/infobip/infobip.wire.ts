// Infobip SMS's own words: what goes out to POST /sms/3/messages and what comes back, checked on arrival.
import { isObject, type JsonObject, vendorId } from '../../contract/vendor-answer';
import type { MessageStatus } from './infobip.failures';

export interface InfobipSmsBody {
  readonly messages: readonly [
    {
      /** Number without +, short code or alphanumeric sender. */
      readonly sender: string;
      /** `to` in digits only; a `messageId` that was used is refused, so that nothing goes out twice. */
      readonly destinations: readonly [{ readonly to: string; readonly messageId: string }];
      readonly content: { readonly text: string };
      /** The vendor's own default is 48 h, long after a code is of any use. */
      readonly options: { readonly validityPeriod: { readonly amount: number; readonly timeUnit: 'SECONDS' } };
    },
  ];
}

export interface InfobipSent {
  readonly messageId: string;
  readonly status: MessageStatus;
  /** accepted: on its way (PENDING) or there (DELIVERED); refused: the rest of the vendor's groups, inside a 200. */
  readonly fate: 'accepted' | 'refused' | 'unknown';
}

const fateOfGroup: ReadonlyMap<unknown, InfobipSent['fate']> = new Map<unknown, InfobipSent['fate']>([
  [1, 'accepted'],
  [2, 'refused'],
  [3, 'accepted'],
  [4, 'refused'],
  [5, 'refused'],
]);

/** @returns undefined unless there is one message with a usable id and a status. */
export function readSent(body: JsonObject): InfobipSent | undefined {
  const messages = body['messages'];
  const first: unknown = Array.isArray(messages) && messages.length === 1 ? messages[0] : undefined;
  const status = isObject(first) ? first['status'] : undefined;
  const messageId = isObject(first) ? vendorId(first['messageId']) : undefined;
  if (!isObject(status) || messageId === undefined) return undefined;
  const { id, name, groupId } = status;
  return {
    messageId,
    status: {
      id: typeof id === 'number' ? id : undefined,
      name: typeof name === 'string' ? name : undefined,
    },
    fate: fateOfGroup.get(groupId) ?? 'unknown',
  };
}
