// Delivery reports of the simulated Infobip, as a subscription with an HMAC profile posts them. The address is the
// subscription's, so messages name none. Infobip's documents name neither the header nor the form of the signature:
// hex in x-infobip-signature is chosen here.
import { createHmac } from 'node:crypto';
import type { DialectContext, MessageNews, OutgoingWebhook } from '../../../contract/dialect';

interface Sent {
  readonly messageId: string;
  readonly to: string;
  readonly sentAt: Date;
  /** Parts. */
  readonly messageCount: number;
}

const noError = { groupId: 0, groupName: 'OK', id: 0, name: 'NO_ERROR', description: 'No Error', permanent: false };
const unreachable = {
  groupId: 1,
  groupName: 'HANDSET_ERRORS',
  id: 27,
  name: 'EC_ABSENT_SUBSCRIBER',
  description: 'Absent Subscriber',
  permanent: false,
};
const delivered = {
  groupId: 3,
  groupName: 'DELIVERED',
  id: 5,
  name: 'DELIVERED_TO_HANDSET',
  description: 'Message delivered to handset',
};
const undelivered = {
  groupId: 2,
  groupName: 'UNDELIVERABLE',
  id: 4,
  name: 'UNDELIVERABLE_REJECTED_OPERATOR',
  description: 'Message rejected by operator',
};

/** Of the end alone: intermediate reports are off unless asked for. */
export function report({ sentAt, ...message }: Sent, context: DialectContext): MessageNews {
  return {
    write: (stage, { at }) => {
      if (stage === 'sent') return undefined;
      const outcome =
        stage === 'delivered' ? { status: delivered, error: noError } : { status: undelivered, error: unreachable };
      const price = { pricePerMessage: 0.01, currency: 'EUR' };
      const times = { sentAt: written(sentAt), doneAt: written(at) };
      return webhook({ results: [{ price, ...outcome, ...message, sender: 'Latchkey', ...times }] }, context);
    },
  };
}

export function webhook(payload: object, { credentials }: DialectContext): OutgoingWebhook {
  const body = JSON.stringify(payload);
  const hmac = createHmac('sha256', credentials['INFOBIP_WEBHOOK_SECRET'] ?? '');
  const signature = hmac.update(body, 'utf8').digest('hex');
  return { headers: { 'content-type': 'application/json', 'x-infobip-signature': signature }, body };
}

/** yyyy-MM-dd'T'HH:mm:ss.SSSZ, with an offset without a colon. */
function written(at: Date): string {
  return at.toISOString().replace('Z', '+0000');
}
