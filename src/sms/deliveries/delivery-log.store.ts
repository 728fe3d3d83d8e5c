import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { planned, statement } from '../../database/sql';
import type { DeliveryEntry, DeliveryFilter } from './delivery-log.types';

/** The last hand-over of a page, behind which the next page begins. */
export interface Place {
  readonly createdAt: Date;
  readonly id: string;
}

const page = planned(
  `SELECT id, source, reference_id AS "referenceId", send, provider, provider_id AS "providerId", phone_masked AS destination, country, channel,
          status, failure_kind AS "failureKind", vendor_code AS "vendorCode", segments, converted, created_at AS "createdAt", updated_at AS "updatedAt"
     FROM sms_deliveries
    WHERE ($1::text IS NULL OR provider = $1) AND ($2::text IS NULL OR country = $2) AND ($3::text IS NULL OR status = $3)
      AND ($4::uuid IS NULL OR reference_id = $4) AND created_at <= $5::timestamptz AND (created_at, id) < ($5::timestamptz, $6::uuid)
    ORDER BY created_at DESC, id DESC LIMIT $7`,
);
const latestFailure = statement(
  'delivery_latest_failures',
  `SELECT DISTINCT ON (provider) provider, failure_kind AS "failureKind", vendor_code AS "vendorCode", updated_at AS at FROM sms_deliveries
    WHERE created_at > $1 AND provider IS NOT NULL AND status = 'failed' ORDER BY provider, updated_at DESC`,
);

export interface LatestFailure {
  readonly provider: string;
  readonly failureKind: string | null;
  readonly vendorCode: string | null;
  readonly at: Date;
}

@Injectable()
export class DeliveryLogStore {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  page({ provider, country, status, referenceId }: DeliveryFilter, before: Place, limit: number) {
    const filters = [provider ?? null, country ?? null, status ?? null, referenceId ?? null];
    return this.database.run<DeliveryEntry>(page, [...filters, before.createdAt, before.id, limit]);
  }

  /** The newest of each vendor. */
  latestFailures(since: Date): Promise<LatestFailure[]> {
    return this.database.run<LatestFailure>(latestFailure, [since]);
  }
}
