// After a message that did not arrive, sends the code of a live challenge once more by another vendor (ADR 31). The person keeps all their
// sends. But the message takes its counters, all or none, because it costs money like any other.
import type { AuditParameters } from '../audit/audit.sql';
import { namedStatement } from '../database/sql';
import { addJob, SEND_TRIES } from '../jobs/jobs.sql';
import { allTaken, lookAtCounters, outcomeColumns, type SpendParameters, takeCounters } from '../limits/counters.sql';
import type { CounterOutcome } from '../limits/spending.types';
import { live } from './challenge-row.sql';
import { alarmsNoted } from './message-job.sql';

export interface AnotherWayParameters extends SpendParameters, AuditParameters {
  readonly challengeId: string;
  readonly phone: string;
  /** Number of the send that did not arrive. When there is a newer one, nothing is sent. */
  readonly send: number;
  readonly wanted: string;
}

export interface AnotherWayRow extends CounterOutcome {
  readonly queued: boolean;
}

const stillWanted = `c.id = :challengeId::uuid AND ${live('c')} AND cardinality(c.sends) = :send::int AND (SELECT free FROM look)`;

/**
 * Locks the challenge, then the counters, in the order of a resend.
 * @param hit CTE with the id of the challenge, locked @param job CTE that has a row with a column "id" when all counters were taken
 */
const anotherMessage = (name: string, hit: string, job: string) =>
  namedStatement<AnotherWayParameters>(
    name,
    `WITH ${lookAtCounters}, hit AS (
    ${hit}
  ), ${takeCounters('EXISTS (SELECT 1 FROM hit)')}, ${alarmsNoted}, job AS MATERIALIZED (
    ${job} FROM hit WHERE ${allTaken}
  ) SELECT job.id IS NOT NULL AS queued, ${outcomeColumns}
      FROM look LEFT JOIN job ON true`,
  );

/** Remembers the instant that it counts for the number, which is given back when the code is entered (ADR 14). */
export const sendAnotherWay = anotherMessage(
  'otp_send_another_way',
  `UPDATE otp_attempts c SET sent_another_way = c.sent_another_way || :now::timestamptz WHERE ${stillWanted} RETURNING c.id`,
  `SELECT (${addJob({
    name: 'sms',
    payload: `json_build_object('source', 'code', 'id', id, 'send', :send::int)`,
    key: `'sms:' || id || ':' || :send::int || '/another'`,
    maxAttempts: SEND_TRIES,
  })}).id`,
);

/** Only takes the counters, because the running job sends the second message itself (ADR 55). */
export const chargeAnotherWay = anotherMessage(
  'otp_charge_another_way',
  `SELECT c.id FROM otp_attempts c WHERE ${stillWanted} FOR NO KEY UPDATE OF c`,
  'SELECT id',
);
