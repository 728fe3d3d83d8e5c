// Lets a number have one notice of each kind a day, by one guarded statement, so that strangers cannot use us to annoy its owner. The mail
// of the notice is queued by the same statement.
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.service';
import { Database } from '../database/database.service';
import { namedStatement } from '../database/sql';
import { Clock } from '../platform/clock/clock';
import { KeyedDigest } from '../platform/crypto/keyed-digest';
import { mailJob } from '../mail/mail.sql';
import { sourceOf } from './challenge-notice-mails.service';
import type { ChallengeNoticeName } from './challenge-notice-texts';

interface TakeParameters {
  readonly key: string;
  readonly now: Date;
  readonly source: string;
  readonly mailedOf: string | null;
}

const mail = mailJob({ source: ':source::text', id: ':mailedOf::uuid', send: '1' });
const take = namedStatement<TakeParameters>(
  'notice_take',
  `WITH took AS (
     INSERT INTO rate_limits AS r (key, hits, touched_at) VALUES (:key, ARRAY[:now::timestamptz], :now::timestamptz)
     ON CONFLICT (key) DO UPDATE SET hits = ARRAY[:now::timestamptz], touched_at = :now::timestamptz
       WHERE within_limits(r.hits, :now::timestamptz, ARRAY[1], ARRAY[86400]) RETURNING key
   ) SELECT key, CASE WHEN :mailedOf::uuid IS NOT NULL THEN (${mail}).id END AS "mailId" FROM took`,
);

@Injectable()
export class NoticeBudget {
  constructor(
    private readonly database: Database,
    private readonly digests: KeyedDigest,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns whether this notice may be sent today. @param deliverable false: it is recorded as dropped, because no sender is configured
   * @param mailedOf the challenge whose address gets it as well, or null
   */
  async take(
    name: ChallengeNoticeName,
    phone: string,
    deliverable: boolean,
    mailedOf: string | null,
  ): Promise<boolean> {
    const now = this.clock.now();
    const key = `notice:${name}:${this.digests.text('phone', phone)}`;
    const [row] = await this.database.run(...take.with({ key, now, source: sourceOf[name], mailedOf }));
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
