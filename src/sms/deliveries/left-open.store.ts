// How a run leaves a hand-over that is open, for the next run (ADR 93, 95): a mark in place of a failure, while the record is `queued`. Without one
// its vendor may have the message from the run that began it. Invariant: what another run has taken over is not marked, and a payment is used once.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';
import type { MessageReference } from '../contract/message-source';

/** Its vendor has not been called. */
export const NOT_CALLED = 'not_called';
/** Nor has it, and what the call costs was paid. */
export const NOT_CALLED_PAID = 'not_called_paid';
/** Another run has taken it up, since its vendor may have it. */
export const IN_DOUBT = 'in_doubt';
/** The same, and what the repetition costs was paid, and it was not made. */
const IN_DOUBT_PAID = 'in_doubt_paid';

const ofVendor = `source = $1 AND reference_id = $2 AND send = $3 AND provider = $4 AND status = 'queued'`;
const leave = statement(
  'delivery_leave',
  `UPDATE sms_deliveries SET failure_kind = $5 WHERE ${ofVendor} AND failure_kind IS NULL AND updated_at = $6`,
);
const leaveInDoubt = statement(
  'delivery_leave_in_doubt',
  `UPDATE sms_deliveries SET failure_kind = '${IN_DOUBT_PAID}' WHERE ${ofVendor} AND failure_kind = '${IN_DOUBT}'`,
);
const redeem = statement(
  'delivery_redeem',
  `UPDATE sms_deliveries SET failure_kind = CASE failure_kind WHEN '${IN_DOUBT_PAID}' THEN '${IN_DOUBT}' ELSE '${NOT_CALLED}' END
    WHERE id = $1 AND status = 'queued' AND failure_kind IN ('${NOT_CALLED_PAID}', '${IN_DOUBT_PAID}') RETURNING id`,
);

interface Marked {
  readonly status: string;
  readonly failureKind: string | null;
}

/** Certainly nobody has had it: the run that began it was cut short before it called. */
export function wasOnlyWaiting({ status, failureKind }: Marked): boolean {
  return status === 'queued' && (failureKind === NOT_CALLED || failureKind === NOT_CALLED_PAID);
}

/** A hand-over was paid for and not made. */
export function isPaidFor({ status, failureKind }: Marked): boolean {
  return status === 'queued' && (failureKind === NOT_CALLED_PAID || failureKind === IN_DOUBT_PAID);
}

interface Left {
  /** A run before this one may have called. */
  readonly isInDoubt: boolean;
  readonly isPaid: boolean;
  /** When this run has begun the record: what another has begun is that one's. */
  readonly begunAt: Date;
}

@Injectable()
export class LeftOpen {
  constructor(private readonly database: Database) {}

  /** By a run that has begun it and has not called; by its vendor, as the answer of the database may have been lost. */
  async leave(
    { source, id, send }: MessageReference,
    provider: string,
    { isInDoubt, isPaid, begunAt }: Left,
  ): Promise<void> {
    const values = [source, id, send, provider];
    if (!isInDoubt) await this.database.run(leave, [...values, isPaid ? NOT_CALLED_PAID : NOT_CALLED, begunAt]);
    else if (isPaid) await this.database.run(leaveInDoubt, values);
  }

  /** @returns whether there was a payment, which is used now */
  async redeem(id: string): Promise<boolean> {
    return (await this.database.run(redeem, [id])).length > 0;
  }
}
