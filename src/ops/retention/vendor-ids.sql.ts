// Deletes the vendors' ids of the messages of a deleted account (ADR 45), because with these ids the vendors' records of number and text could be
// found. It does so two hours after the deletion, because the notice of the deletion may be sent up to one hour after it. The messages are
// found through the audit log. Nothing else still has the ids of the person's challenges and notices.
import { refIsTheirs } from '../../audit/audit.sql';
import { statement } from '../../database/sql';

/** $1 now. Handles one account, so that few rows are locked. `deleted` is 1 when it found one, and then there may be another. */
export const forgetVendorIds = statement(
  'retention_vendor_ids',
  `WITH account AS MATERIALIZED (
     SELECT user_id FROM deleted_accounts WHERE NOT vendor_ids_forgotten AND deleted_at < $1::timestamptz - interval '2 hours'
      ORDER BY deleted_at LIMIT 1 FOR UPDATE SKIP LOCKED
   ), message AS MATERIALIZED (
     SELECT DISTINCT a.ref AS id FROM audit_log a JOIN account ON a.user_id = account.user_id WHERE ${refIsTheirs}
   ), delivery AS MATERIALIZED (
     SELECT d.id, d.provider, d.provider_id FROM sms_deliveries d JOIN message ON d.reference_id = message.id
      WHERE d.provider_id IS NOT NULL ORDER BY d.id FOR UPDATE OF d
   ), unheard AS (
     DELETE FROM sms_receipts r USING delivery d WHERE r.provider = d.provider AND r.provider_id = d.provider_id
   ), unnamed AS (
     UPDATE sms_deliveries d SET provider_id = NULL FROM delivery WHERE d.id = delivery.id
   ), unasked AS (
     UPDATE otp_attempts c SET vendor_ref = NULL FROM message WHERE c.id = message.id AND c.vendor_ref IS NOT NULL
   ), forgotten AS (
     UPDATE deleted_accounts t SET vendor_ids_forgotten = true FROM account WHERE t.user_id = account.user_id RETURNING 1
   )
   SELECT count(*)::int AS deleted FROM forgotten`,
);
