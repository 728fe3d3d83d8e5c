// sms_deliveries: one row per hand-over to a vendor. A status only moves forward: queued < sent < failed < delivered.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';
import type { ProviderFailure } from '../contract/failure';
import type { MessageReference } from '../contract/message-source';

export type DeliveryStatus = 'queued' | 'sent' | 'failed' | 'delivered';

export interface NewDelivery {
  readonly id: string;
  readonly reference: MessageReference;
  readonly provider: string | null;
  readonly phoneMasked: string;
  readonly channel: string;
  readonly segments: number | null;
  readonly now: Date;
}

const insert = statement(
  'delivery_begin',
  `INSERT INTO sms_deliveries (id, source, reference_id, send, provider, phone_masked, channel, status, segments, created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, $9, $9)
   ON CONFLICT (reference_id, send, source, provider) DO UPDATE SET updated_at = sms_deliveries.updated_at
   RETURNING id, status = 'queued' AS open`,
);
const accept = statement(
  'delivery_accepted',
  `UPDATE sms_deliveries SET status = 'sent', provider_id = $2, updated_at = $3 WHERE id = $1 AND status = 'queued'`,
);
const fail = statement(
  'delivery_failed',
  `UPDATE sms_deliveries SET status = 'failed', failure_kind = $2, vendor_code = $3, updated_at = $4
    WHERE id = $1 AND status IN ('queued', 'sent')`,
);
const failLatest = statement(
  'delivery_fail_latest',
  `UPDATE sms_deliveries SET status = 'failed', failure_kind = 'verification_ended', updated_at = $2
    WHERE id = (SELECT id FROM sms_deliveries WHERE reference_id = $1 ORDER BY send DESC, created_at DESC LIMIT 1)
      AND status IN ('queued', 'sent')`,
);
const latest = statement(
  'delivery_latest',
  `SELECT status, updated_at AS "updatedAt", send FROM sms_deliveries WHERE reference_id = $1 ORDER BY send DESC, created_at DESC LIMIT 1`,
);
const fates = statement(
  'delivery_latest_fates',
  `SELECT status = 'failed' AS failed,
          least(5000, greatest(0, extract(epoch FROM updated_at - created_at) * 1000))::float8 AS milliseconds
     FROM sms_deliveries
    WHERE provider IS NOT NULL AND status IN ('sent', 'failed')
      AND coalesce(failure_kind, '') NOT IN ('invalid_number', 'unsupported_destination', 'blocked', 'verification_ended')
    ORDER BY created_at DESC LIMIT 20`,
);

@Injectable()
export class DeliveriesStore {
  constructor(private readonly database: Database) {}

  /**
   * @returns the id of this hand-over, or undefined when an earlier run of the same job has finished it. A run that was killed
   * and runs again gets the id of its first life, so that a vendor that takes our reference (Sinch) can tell the repetition.
   */
  async begin(delivery: NewDelivery): Promise<string | undefined> {
    const { id, reference, provider, phoneMasked, channel, segments, now } = delivery;
    const { source, id: referenceId, send } = reference;
    const [row] = await this.database.run<{ id: string; open: boolean }>(insert, [
      id,
      source,
      referenceId,
      send,
      provider,
      phoneMasked,
      channel,
      segments,
      now,
    ]);
    return row?.open === true ? row.id : undefined;
  }

  async accepted(id: string, providerId: string | null, now: Date): Promise<void> {
    await this.database.run(accept, [id, providerId, now]);
  }

  async failed(id: string, failure: Pick<ProviderFailure, 'kind' | 'vendorCode'>, now: Date): Promise<void> {
    await this.database.run(fail, [id, failure.kind, failure.vendorCode ?? null, now]);
  }

  /** Newest first: how the last real hand-overs went. Failures that were the number's own fault do not count. */
  async latestFates(): Promise<{ failed: boolean; milliseconds: number }[]> {
    return this.database.run(fates, []);
  }

  async failLatest(referenceId: string, now: Date): Promise<void> {
    await this.database.run(failLatest, [referenceId, now]);
  }

  async latest(referenceId: string): Promise<{ status: DeliveryStatus; updatedAt: Date; send: number } | undefined> {
    const [row] = await this.database.run<{ status: DeliveryStatus; updatedAt: Date; send: number }>(latest, [
      referenceId,
    ]);
    return row;
  }
}
