// What a run that is cut short tells the next one about a hand-over that it leaves open (ADR 93, 95): a mark in `failure_kind`, while the record is
// `queued`. Without a mark, the vendor may have the message from the run that began it. Invariants: a record that another run has taken over is not
// marked, and a payment is used once.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';
import type { MessageReference } from '../contract/message-source';

/** The vendor was not called. */
export const NOT_CALLED = 'not_called';
/** The vendor was not called, and the call is paid for. */
export const NOT_CALLED_PAID = 'not_called_paid';
/** The vendor may have the message, and another run has taken over the hand-over. */
export const IN_DOUBT = 'in_doubt';
/** The same, and the repetition, which was not made, is paid for. */
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

/** The vendor certainly has not had the message, because the run was cut short before it called. */
export function wasOnlyWaiting({ status, failureKind }: Marked): boolean {
  return status === 'queued' && (failureKind === NOT_CALLED || failureKind === NOT_CALLED_PAID);
}

/** A hand-over was paid for, and not made. */
export function isPaidFor({ status, failureKind }: Marked): boolean {
  return status === 'queued' && (failureKind === NOT_CALLED_PAID || failureKind === IN_DOUBT_PAID);
}

interface Left {
  /** A former run may have called the vendor. */
  readonly isInDoubt: boolean;
  readonly isPaid: boolean;
  /** When this run began the record. A record with another instant belongs to another run. */
  readonly begunAt: Date;
}

@Injectable()
export class LeftOpen {
  constructor(private readonly database: Database) {}

  /** For a run that has begun a hand-over and not called. Finds the record by its vendor, because the answer with its id may have been lost. */
  async leave(
    { source, id, send }: MessageReference,
    provider: string,
    { isInDoubt, isPaid, begunAt }: Left,
  ): Promise<void> {
    const values = [source, id, send, provider];
    if (!isInDoubt) await this.database.run(leave, [...values, isPaid ? NOT_CALLED_PAID : NOT_CALLED, begunAt]);
    else if (isPaid) await this.database.run(leaveInDoubt, values);
  }

  /** @returns whether there was a payment, which this call uses up */
  async redeem(id: string): Promise<boolean> {
    return (await this.database.run(redeem, [id])).length > 0;
  }
}
