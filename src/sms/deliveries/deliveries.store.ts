// sms_deliveries: one row per hand-over to a vendor. A status only moves forward: queued < sent < failed < delivered. Of the number its
// country and a mask are kept. The cost is the expected one of the price list, unless the message certainly was not sent.
import { Injectable } from '@nestjs/common';
import { event } from '../../audit/audit.sql';
import { auditLater } from '../../audit/late-audit.sql';
import { Database } from '../../database/database.service';
import { namedStatement, Sql, statement } from '../../database/sql';
import { countryOf, maskPhone } from '../../platform/phone/phone-number';
import type { ProviderFailure, ProviderFailureKind } from '../contract/failure';
import type { Delivery, NewDelivery, SentMessage, TakenMessage } from './deliveries.types';
import { IN_DOUBT, NOT_CALLED, NOT_CALLED_PAID } from './left-open.store';

/** `expired`: there was no time left before a vendor took it. */
type FailureKind = ProviderFailureKind | 'expired';

/** Another run of the same send has called this vendor meanwhile. */
export class OtherRun extends Error {
  constructor() {
    super('another run hands this message over');
  }
}

type SentParameters = SentMessage & { readonly arrivesAt: null };

/** Hand-overs of one send carry the same message. One that came through, or still may, comes before those that failed. */
const newestFirst = `send DESC, (status = 'failed'), created_at DESC`;

// A run may begin a hand-over that has no record yet, one whose vendor was not called, and the one in doubt that the run knows of ($14).
// When another run has called the vendor meanwhile, the record belongs to that run, and no row is returned. A run recognises its own record
// by updated_at (left-open.store.ts).
const insert = statement(
  'delivery_begin',
  `INSERT INTO sms_deliveries (id, source, reference_id, send, provider, phone_masked, country, channel, status, segments,
                               expected_price, expected_currency, created_at, updated_at, failure_kind)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'queued', $9, $10, $11, $12, $12, $13)
   ON CONFLICT (reference_id, send, source, provider) DO UPDATE
     SET updated_at = CASE WHEN sms_deliveries.status = 'queued' THEN excluded.updated_at ELSE sms_deliveries.updated_at END,
         failure_kind = CASE WHEN sms_deliveries.status = 'queued' AND excluded.failure_kind IS NULL
                             THEN CASE WHEN sms_deliveries.id = $14 THEN '${IN_DOUBT}' END ELSE sms_deliveries.failure_kind END
   WHERE sms_deliveries.status <> 'queued' OR sms_deliveries.failure_kind IN ('${NOT_CALLED}', '${NOT_CALLED_PAID}') OR sms_deliveries.id = $14
   RETURNING id, status = 'queued' AS open`,
);
const accepted = `UPDATE sms_deliveries SET sent_at = :now, provider_id = coalesce(:providerId, provider_id), arrives_at = :arrivesAt,
          failure_kind = CASE WHEN status <> 'queued' THEN failure_kind END,
          status = CASE WHEN status = 'queued' THEN 'sent' ELSE status END, updated_at = CASE WHEN status = 'queued' THEN :now ELSE updated_at END
    WHERE id = :id AND sent_at IS NULL AND (status = 'queued' OR provider_id IS NOT NULL)`;
const accept = namedStatement<TakenMessage & { readonly arrivesAt: Date | null }>('delivery_accepted', accepted);
const send = namedStatement<SentParameters>(
  'delivery_sent',
  `WITH accepted AS (${accepted})
   INSERT INTO audit_log (at, event, ref, reason) VALUES (:now, ${event('otp_sent')}, :ref, :reason)`,
);
const sendAuditedLater = namedStatement<SentParameters>(
  'delivery_sent_audited_later',
  `WITH accepted AS (${accepted}) SELECT (${auditLater(event('otp_sent'))}).id`,
);
const fail = statement(
  'delivery_failed',
  `UPDATE sms_deliveries SET status = 'failed', failure_kind = $2, vendor_code = $3, updated_at = $4,
          expected_price = CASE WHEN NOT $5 THEN expected_price END, expected_currency = CASE WHEN NOT $5 THEN expected_currency END
    WHERE id = $1 AND status = 'queued'`,
);
const failLatest = statement(
  'delivery_fail_latest',
  `UPDATE sms_deliveries SET status = 'failed', failure_kind = 'verification_ended', updated_at = $2
    WHERE id = (SELECT id FROM sms_deliveries WHERE reference_id = $1 ORDER BY ${newestFirst} LIMIT 1)
      AND status <> 'failed'`,
);
const ofReference = statement(
  'delivery_of_reference',
  `SELECT id, provider, provider_id AS "providerId", failure_kind AS "failureKind", send, created_at AS "createdAt",
          CASE WHEN status = 'sent' AND arrives_at <= $3 THEN 'delivered' ELSE status END AS status,
          CASE WHEN status = 'sent' AND arrives_at <= $3 THEN arrives_at ELSE updated_at END AS "updatedAt"
     FROM sms_deliveries WHERE reference_id = $1 AND ($2::text IS NULL OR source = $2) ORDER BY ${newestFirst}`,
);
@Injectable()
export class DeliveriesStore {
  constructor(private readonly database: Database) {}

  /**
   * @returns the id of this hand-over; undefined when a former run of the same job has finished it. The run after one that was killed gets
   * the same id, so that a vendor that takes our reference (Sinch) can recognise the repetition.
   * @throws OtherRun when another run has called the vendor. What came of that is on record when the queue runs this job again
   */
  async begin(delivery: NewDelivery): Promise<string | undefined> {
    const [row] = await this.database.run<{ id: string; open: boolean }>(insert, valuesOf(delivery));
    if (row === undefined) throw new OtherRun();
    return row.open ? row.id : undefined;
  }

  /** @param arrivesAt for a decoy: when its message counts as delivered */
  async accepted(id: string, providerId: string | null, now: Date, arrivesAt: Date | null = null): Promise<void> {
    await this.database.run(...accept.with({ id, providerId, now, arrivesAt }));
  }

  /** The same for a message that was sent, with its audit row. */
  async sent(message: SentMessage): Promise<void> {
    await this.database.run(...send.with({ ...message, arrivesAt: null }));
  }

  /** The same when the audit log refuses that row: a job writes it later. */
  async sentAuditedLater(message: SentMessage): Promise<void> {
    await this.database.run(...sendAuditedLater.with({ ...message, arrivesAt: null }));
  }

  /** Ends a hand-over for which nobody else has told an end: what a receipt has said of it stays. */
  async failed(
    id: string,
    failure: { readonly kind: FailureKind } & Partial<Pick<ProviderFailure, 'vendorCode' | 'certainty'>>,
    now: Date,
  ): Promise<void> {
    const isFree = failure.certainty === 'not-sent';
    await this.database.run(fail, [id, failure.kind, failure.vendorCode ?? null, now, isFree]);
  }

  async failLatest(referenceId: string, now: Date): Promise<void> {
    await this.database.run(failLatest, [referenceId, now]);
  }

  /** Every hand-over about a challenge, by one source or by any. The first of them says how the newest send stands. */
  async of(referenceId: string, now: Date, source?: string, sql: Sql = this.database): Promise<Delivery[]> {
    return sql.run<Delivery>(ofReference, [referenceId, source ?? null, now]);
  }
}

function valuesOf({
  id,
  reference,
  provider,
  phone,
  channel,
  segments,
  expected,
  ...delivery
}: NewDelivery): unknown[] {
  const destination = [maskPhone(phone), countryOf(phone) ?? null, channel];
  const cost = [segments, expected?.price ?? null, expected?.currency ?? null];
  const standing = [delivery.now, delivery.isWaiting === true ? NOT_CALLED : null, delivery.doubted ?? null];
  return [id, reference.source, reference.id, reference.send, provider, ...destination, ...cost, ...standing];
}
