// One notice of a kind a day to one number, counted in one guarded statement, so that a stranger cannot use us to pester its owner.
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.service';
import { Database } from '../database/database.service';
import { statement } from '../database/sql';
import { Clock } from '../platform/clock/clock';
import { KeyedDigest } from '../platform/crypto/keyed-digest';
import type { NoticeName } from './otp-notice-texts';

const claim = statement(
  'notice_claim',
  `INSERT INTO rate_limits AS r (key, hits, touched_at) VALUES ($1, ARRAY[$2::timestamptz], $2)
   ON CONFLICT (key) DO UPDATE SET hits = ARRAY[$2::timestamptz], touched_at = $2
     WHERE within_limits(r.hits, $2::timestamptz, ARRAY[1], ARRAY[86400]) RETURNING key`,
);

@Injectable()
export class NoticeBudget {
  constructor(
    private readonly database: Database,
    private readonly digests: KeyedDigest,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @returns whether this notice is due today. @param deliverable false: recorded as dropped, since no sender is configured */
  async claim(name: NoticeName, phone: string, deliverable: boolean): Promise<boolean> {
    const now = this.clock.now();
    const key = `notice:${name}:${this.digests.digest('phone', phone).toString('base64url')}`;
    const [row] = await this.database.run(claim, [key, now]);
    if (row !== undefined && !deliverable) {
      await this.audit.record(this.database, {
        event: 'notice_dropped',
        at: now,
        reason: `${name}: no message sender`,
      });
    }
    return row !== undefined;
  }
}
