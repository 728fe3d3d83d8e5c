// sms_receipts, and what they change in sms_deliveries. A receipt may come before the vendor's id of its hand-over is recorded. Invariants:
// no receipt is applied before it is stored. Each of the two sides (the receipt here, the id in accepted()) applies what is known after its
// own write was committed. So the second of them sees both, and no receipt is lost.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';
import type { Tx } from '../../database/transactions';
import type { DeliveryReceipt } from '../contract/receipt';
import type { DeliveryStatus } from '../deliveries/deliveries.types';

/** A hand-over whose status a receipt has moved forward. */
export interface MovedDelivery {
  readonly id: string;
  readonly source: string;
  readonly referenceId: string;
  readonly send: number;
  readonly provider: string;
  readonly status: DeliveryStatus;
  readonly failureKind: string | null;
}

const rank = (column: string): string => `array_position(ARRAY['queued', 'sent', 'failed', 'delivered'], ${column})`;

// Each row is found by a key, even while the planner has no statistics of the tables yet (ADR 79).
// A verification that was sent twice has one id for both sends; a receipt is about the newer one.
const meant = `meant AS (
     SELECT f.id, f.status FROM (
       SELECT d.id, d.status, d.send, d.created_at FROM said, sms_deliveries d WHERE d.provider = $1 AND d.provider_id = $2
       UNION ALL
       SELECT d.id, d.status, d.send, d.created_at FROM said, sms_deliveries d WHERE d.id = said.reference AND d.provider = $1 AND d.provider_id IS NULL
     ) f ORDER BY f.send DESC, f.created_at DESC LIMIT 1
   )`;
const priced = `UPDATE sms_deliveries d SET price = price.price, currency = price.currency FROM price, said
      WHERE d.id = (SELECT id FROM meant) AND d.price IS NULL AND ${rank('said.status')} <= ${rank('d.status')}`;
// A verification that its vendor has ended stays ended, whatever a receipt says about its message.
const moved = `UPDATE sms_deliveries d
      SET status = said.status, failure_kind = said.failure_kind, vendor_code = said.vendor_code, updated_at = $3::timestamptz,
          provider_id = $2, sent_at = coalesce(d.sent_at, $3::timestamptz), delivered_at = CASE WHEN said.status = 'delivered' THEN $3::timestamptz END,
          price = coalesce((SELECT price FROM price), d.price), currency = coalesce((SELECT currency FROM price), d.currency)
     FROM said WHERE d.id = (SELECT id FROM meant) AND d.failure_kind IS DISTINCT FROM 'verification_ended' AND ${rank('said.status')} > ${rank('d.status')}`;

// Stores a receipt, and applies it in the same commit when nothing else is to be done: the hand-over is known, and only its status and
// price change. Otherwise `apply` must follow after the commit. For a failure has further consequences; a hand-over that is not seen here
// may be recorded at this very moment; and two receipts at once do not see each other.
const take = statement(
  'receipt_take',
  `WITH said AS (
     INSERT INTO sms_receipts (id, provider, provider_id, reference, status, failure_kind, vendor_code, price, currency, happened_at, received_at)
     VALUES ($4, $1, $2, $5, $6, $7, $8, $9, $10, $11, $3) ON CONFLICT (provider, provider_id, status) DO NOTHING RETURNING *
   ), price AS (
     SELECT price, currency FROM said WHERE price IS NOT NULL
   ), ${meant}, priced AS (
     ${priced} RETURNING d.id
   ), moved AS (
     ${moved} AND said.status <> 'failed' RETURNING d.id
   )
   SELECT EXISTS (SELECT FROM moved) OR EXISTS (SELECT FROM priced)
          OR EXISTS (SELECT FROM said, meant WHERE said.price IS NULL AND ${rank('said.status')} <= ${rank('meant.status')}) AS applied`,
);
const apply = statement(
  'receipt_apply',
  `WITH said AS (
     SELECT * FROM sms_receipts WHERE provider = $1 AND provider_id = $2 ORDER BY ${rank('status')} DESC LIMIT 1
   ), price AS (
     SELECT price, currency FROM sms_receipts WHERE provider = $1 AND provider_id = $2 AND price IS NOT NULL LIMIT 1
   ), ${meant}, priced AS (
     ${priced}
   )
   ${moved}
   RETURNING d.id, d.source, d.reference_id AS "referenceId", d.send, d.provider, d.status, d.failure_kind AS "failureKind"`,
);
const anyTold = statement(
  'receipt_any_told',
  'SELECT EXISTS (SELECT FROM sms_receipts WHERE provider = $1 AND provider_id = $2) AS told',
);

@Injectable()
export class ReceiptsStore {
  constructor(private readonly database: Database) {}

  /** Stores a receipt. @returns whether it was applied as well. If not, `apply` must follow once this is committed */
  async take(id: string, provider: string, receipt: DeliveryReceipt, now: Date): Promise<boolean> {
    const { providerId, reference = null, status, failure, price, at } = receipt;
    const { kind = null, vendorCode = null } = failure ?? {};
    const { amount = null, currency = null } = price ?? {};
    const values = [provider, providerId, now, id, reference, status, kind, vendorCode, amount, currency, at];
    const [row] = await this.database.run<{ applied: boolean }>(take, values);
    return row?.applied === true;
  }

  async isAnyTold(provider: string, providerId: string): Promise<boolean> {
    const [row] = await this.database.run<{ told: boolean }>(anyTold, [provider, providerId]);
    return row?.told === true;
  }

  /** Moves the hand-over with this id of the vendor as far as its receipts say. @returns the hand-over if it has moved */
  async apply(tx: Tx, provider: string, providerId: string, now: Date): Promise<MovedDelivery | undefined> {
    const [moved] = await tx.run<MovedDelivery>(apply, [provider, providerId, now]);
    return moved;
  }
}
