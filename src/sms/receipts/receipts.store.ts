// sms_receipts, and what they make of sms_deliveries. Invariant: a fact is stored before it is applied, and each side applies after
// its own write is committed (a receipt here, the vendor's id in accepted()): whoever is second sees both, so none is lost.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';
import type { Tx } from '../../database/transactions';
import type { DeliveryReceipt } from '../contract/receipt';
import type { DeliveryStatus } from '../deliveries/deliveries.store';

/** A hand-over that a receipt has moved forward. */
export interface Moved {
  readonly id: string;
  readonly source: string;
  readonly referenceId: string;
  readonly send: number;
  readonly provider: string;
  readonly status: DeliveryStatus;
  readonly failureKind: string | null;
}

const insert = statement(
  'receipt_store',
  `INSERT INTO sms_receipts (id, provider, provider_id, reference, status, failure_kind, vendor_code, price, currency, happened_at, received_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (provider, provider_id, status) DO NOTHING`,
);
const rank = (column: string): string => `array_position(ARRAY['queued', 'sent', 'failed', 'delivered'], ${column})`;
// A verification that its vendor has ended stays so, whatever is told of its message.
// Every row is found by a key, whatever the planner believes of tables that it has no figures of yet (ADR 79).
// A verification that was sent twice has one id for both sends: what is told is about the newer.
const apply = statement(
  'receipt_apply',
  `WITH said AS (
     SELECT * FROM sms_receipts WHERE provider = $1 AND provider_id = $2 ORDER BY ${rank('status')} DESC LIMIT 1
   ), price AS (
     SELECT price, currency FROM sms_receipts WHERE provider = $1 AND provider_id = $2 AND price IS NOT NULL LIMIT 1
   ), meant AS (
     SELECT f.id FROM (
       SELECT d.id, d.send, d.created_at FROM said, sms_deliveries d WHERE d.provider = $1 AND d.provider_id = $2
       UNION ALL
       SELECT d.id, d.send, d.created_at FROM said, sms_deliveries d WHERE d.id = said.reference AND d.provider = $1 AND d.provider_id IS NULL
     ) f ORDER BY f.send DESC, f.created_at DESC LIMIT 1
   ), priced AS (
     UPDATE sms_deliveries d SET price = price.price, currency = price.currency FROM price, said
      WHERE d.id = (SELECT id FROM meant) AND d.price IS NULL AND ${rank('said.status')} <= ${rank('d.status')}
   )
   UPDATE sms_deliveries d
      SET status = said.status, failure_kind = said.failure_kind, vendor_code = said.vendor_code, updated_at = $3,
          provider_id = $2, sent_at = coalesce(d.sent_at, $3), delivered_at = CASE WHEN said.status = 'delivered' THEN $3::timestamptz END, price = coalesce((SELECT price FROM price), d.price), currency = coalesce((SELECT currency FROM price), d.currency)
     FROM said WHERE d.id = (SELECT id FROM meant) AND d.failure_kind IS DISTINCT FROM 'verification_ended' AND ${rank('said.status')} > ${rank('d.status')}
   RETURNING d.id, d.source, d.reference_id AS "referenceId", d.send, d.provider, d.status, d.failure_kind AS "failureKind"`,
);

@Injectable()
export class ReceiptsStore {
  constructor(private readonly database: Database) {}

  async keep(id: string, provider: string, receipt: DeliveryReceipt, now: Date): Promise<void> {
    const { providerId, reference = null, status, failure, price, at } = receipt;
    const { kind = null, vendorCode = null } = failure ?? {};
    const { amount = null, currency = null } = price ?? {};
    const values = [id, provider, providerId, reference, status, kind, vendorCode, amount, currency, at, now];
    await this.database.run(insert, values);
  }

  /** Moves the hand-over with this id of the vendor as far as its receipts say. @returns it, when it has moved */
  async apply(tx: Tx, provider: string, providerId: string, now: Date): Promise<Moved | undefined> {
    const [moved] = await tx.run<Moved>(apply, [provider, providerId, now]);
    return moved;
  }
}
