// What Vonage Verify posts about one channel of a verification. It tells no delivery: what is known is that a channel failed, and that a code
// was entered rightly, so it had arrived. `rejected` says only that its time was up, as when a person has gone away. That it was right is never
// taken from here: only our own question to Vonage proves it (A91). Of a summary one word counts, as its events do not say it: that Vonage has
// sent nothing because it blocks the network (developer.vonage.com, Verify anti-fraud guide, read 2026-11-24).
import type {
  DeliveryReceipt,
  ReceiptDependencies,
  ReceiptReader,
  ReceiptReading,
  WebhookRequest,
} from '../../contract/receipt';
import { instantOf, referenceOf } from '../../contract/receipt-fields';
import { vendorId } from '../../contract/vendor-answer';
import type { VonageVerifyConfig } from './vonage-verify.config';
import { opened } from './vonage.webhook';

/** By its rules against fraud, or because the number is no phone's (developer.vonage.com, Verify webhooks, read 2026-11-24). */
const BLOCKED = 'blocked';
const endingOfStatus: ReadonlyMap<unknown, Pick<DeliveryReceipt, 'status' | 'failure'>> = new Map([
  ['completed', { status: 'delivered' }],
  ['failed', { status: 'failed', failure: { kind: 'undelivered' } }],
  [BLOCKED, { status: 'failed', failure: { kind: 'blocked' } }],
]);

export class VonageVerifyReceipts implements ReceiptReader {
  constructor(private readonly dependencies: ReceiptDependencies<VonageVerifyConfig>) {}

  read(request: WebhookRequest): ReceiptReading {
    const webhook = opened(request, this.dependencies);
    if (!webhook.ok) return webhook;
    const { type, request_id: id, status, finalized_at: finalized, triggered_at: triggered } = webhook.body;
    const providerId = vendorId(id);
    if (providerId === undefined) return { ok: false, refusal: 'unreadable' };
    const ending = type === 'event' || status === BLOCKED ? endingOfStatus.get(status) : undefined;
    if (ending === undefined) return { ok: true, events: [] };
    const reference = withHyphens(webhook.body['client_ref']);
    const at = instantOf(finalized) ?? instantOf(triggered);
    const about = { providerId, ...(reference !== undefined && { reference }), at };
    return { ok: true, events: [{ kind: 'delivery', ...about, ...ending }] };
  }
}

/** Our UUID went without its hyphens, which Vonage does not take. */
function withHyphens(clientRef: unknown): string | undefined {
  const [, ...parts] = typeof clientRef === 'string' ? (/^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(clientRef) ?? []) : [];
  return referenceOf(parts.join('-'));
}
