// Whether a number has already had as many messages as it may have. The number's counters cannot tell: a reset that was asked for by e-mail
// address counts for that address (countedBy of challenge.policy.ts). This only reads, so nothing of it shows in the counters (A55, A56).
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service';
import { statement } from '../database/sql';
import { OtpConfig } from './otp.config';

// Counts like the counters: a first send counts from when it was asked for, and a send whose code was entered does not count. Leaves out
// decoys, which send nothing, and logins, which have a reserve of their own.
const crowded = statement(
  'otp_number_crowded',
  `WITH counted AS (
     SELECT a.id, s.n, a.consumed_at, CASE s.n WHEN 1 THEN a.created_at ELSE s.at END AS at
       FROM otp_attempts c JOIN otp_attempts a ON a.phone = c.phone, unnest(a.sends) WITH ORDINALITY AS s(at, n)
      WHERE c.id = $1 AND NOT a.decoy AND a.purpose NOT IN ('login', 'step_up')
   )
   SELECT EXISTS (SELECT FROM unnest($3::int[], $4::int[]) AS w(count, seconds)
     WHERE w.count <= (SELECT count(*) FROM counted o WHERE o.consumed_at IS NULL AND o.at > own.at - make_interval(secs => w.seconds)
                          AND (o.at, o.id, o.n) < (own.at, own.id, own.n))) AS crowded
     FROM counted own WHERE own.id = $1 AND own.n = $2`,
);

@Injectable()
export class CrowdedNumbers {
  constructor(
    private readonly database: Database,
    private readonly config: OtpConfig,
  ) {}

  /** @param send of the challenge, 1 for the first. @returns whether as many messages as LIMIT_SMS_DESTINATION has came before it */
  async isCrowded(challengeId: string, send: number): Promise<boolean> {
    const { windows } = this.config.LIMIT_SMS_DESTINATION;
    const values = [challengeId, send, windows.map(({ count }) => count), windows.map(({ seconds }) => seconds)];
    const [row] = await this.database.run<{ crowded: boolean }>(crowded, values);
    return row?.crowded === true;
  }
}
