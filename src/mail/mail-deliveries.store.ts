// The table mail_deliveries: one row per mail. It keeps a masked address and nothing of the mail itself. A status only moves forward: queued,
// then sent or failed.
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service';
import { statement } from '../database/sql';
import { maskEmail } from '../platform/email/email-address';
import type { MailDeliveryState, MailReference } from './mail.types';

export interface MailDelivery {
  readonly id: string;
  readonly status: MailDeliveryState['status'];
}

const find = statement(
  'mail_find',
  'SELECT id, status FROM mail_deliveries WHERE reference_id = $1 AND send = $2 AND source = $3',
);
const begin = statement(
  'mail_begin',
  `INSERT INTO mail_deliveries (id, source, reference_id, send, address_masked, status, created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5, 'queued', $6, $6)
   ON CONFLICT (reference_id, send, source) DO UPDATE SET updated_at = mail_deliveries.updated_at RETURNING id, status`,
);
const end = statement(
  'mail_end',
  `UPDATE mail_deliveries SET status = $2, failure = $3, updated_at = $4 WHERE id = $1 AND status = 'queued'`,
);
const newest = statement(
  'mail_newest',
  `SELECT status, updated_at AS "updatedAt", send FROM mail_deliveries WHERE reference_id = $1 ORDER BY send DESC LIMIT 1`,
);

@Injectable()
export class MailDeliveriesStore {
  constructor(private readonly database: Database) {}

  async find({ source, id, send }: MailReference): Promise<MailDelivery | undefined> {
    return (await this.database.run<MailDelivery>(find, [id, send, source]))[0];
  }

  /** Makes the row of a mail. @returns the new row, or the one that an earlier run of the same job has made */
  async begin(id: string, { source, id: referenceId, send }: MailReference, to: string, now: Date) {
    const values = [id, source, referenceId, send, maskEmail(to), now];
    const [row] = await this.database.run<MailDelivery>(begin, values);
    if (row === undefined) throw new Error('the statement always has a row');
    return row;
  }

  async sent(id: string, now: Date): Promise<void> {
    await this.database.run(end, [id, 'sent', null, now]);
  }

  /** @param why refused: by the relay; expired: its time was up */
  async failed(id: string, why: 'refused' | 'expired', now: Date): Promise<void> {
    await this.database.run(end, [id, 'failed', why, now]);
  }

  async newest(referenceId: string): Promise<MailDeliveryState | undefined> {
    return (await this.database.run<MailDeliveryState>(newest, [referenceId]))[0];
  }
}
