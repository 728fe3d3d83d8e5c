// Deletes the vendors' ids of the messages of a deleted account (ADR 45), because with these ids the vendors' records of number and text could be
// found. It does so two hours after the deletion, because the notice of the deletion may be sent up to one hour after it. The messages are
// found through the audit log. Nothing else still has the ids of the person's challenges and notices. The log is read in batches, because an
// account may have millions of events, and the tombstone keeps the place (ADR 79).
import { refIsTheirs } from '../../audit/audit.sql';
import { statement } from '../../database/sql';
import { BATCH } from './deletions.sql';

/**
 * $1 now. Handles the next batch of events of one account, so that few rows are read and locked. `more` is true when it found an account: then
 * there may be another batch, or another account. The comparisons of pairs, with their order, let the planner use no index but that of
 * (user_id, at). For an equality it may read the events of everybody by their time, when this account has most of them. Events of one time
 * stay together, so that the place need only be a time.
 */
export const forgetVendorIds = statement(
  'retention_vendor_ids',
  `WITH account AS MATERIALIZED (
     SELECT user_id, coalesce(log_read_to, '-infinity') AS read_to FROM deleted_accounts
      WHERE NOT vendor_ids_forgotten AND deleted_at < $1::timestamptz - interval '2 hours'
      ORDER BY deleted_at LIMIT 1 FOR UPDATE SKIP LOCKED
   ), entry AS MATERIALIZED (
     SELECT a.at, a.event, a.ref FROM audit_log a
      WHERE (a.user_id, a.at) > ((SELECT user_id FROM account), (SELECT read_to FROM account))
        AND (a.user_id, a.at) <= ((SELECT user_id FROM account), 'infinity')
      ORDER BY a.user_id, a.at FETCH FIRST ${BATCH} ROWS WITH TIES
   ), message AS MATERIALIZED (
     SELECT DISTINCT a.ref AS id FROM entry a WHERE ${refIsTheirs}
   ), delivery AS MATERIALIZED (
     SELECT d.id, d.provider, d.provider_id FROM sms_deliveries d JOIN message ON d.reference_id = message.id
      WHERE d.provider_id IS NOT NULL ORDER BY d.id FOR UPDATE OF d
   ), unheard AS (
     DELETE FROM sms_receipts r USING delivery d WHERE r.provider = d.provider AND r.provider_id = d.provider_id
   ), unnamed AS (
     UPDATE sms_deliveries d SET provider_id = NULL FROM delivery WHERE d.id = delivery.id
   ), unasked AS (
     UPDATE otp_attempts c SET vendor_ref = NULL FROM message WHERE c.id = message.id AND c.vendor_ref IS NOT NULL
   ), moved AS (
     UPDATE deleted_accounts t SET log_read_to = read.to, vendor_ids_forgotten = read.count < ${BATCH}
       FROM account, (SELECT max(at) AS to, count(*) FROM entry) read WHERE t.user_id = account.user_id RETURNING 1
   )
   SELECT EXISTS (SELECT FROM moved) AS more`,
);
