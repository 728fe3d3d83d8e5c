// Fragments about invitations for the statement that makes a user. Invariant: an invitation makes no more users than it has uses, however many
// registrations name it and on however many instances their codes arrive at once. Its row is locked first, then checked, and counted last.
import { event, recordAudit } from '../../audit/audit.sql';

/** SQL condition: it can make one more user. */
export function usable(row: string): string {
  return `${row}.uses < ${row}.uses_max AND ${row}.revoked_at IS NULL AND ${row}.expires_at > :now::timestamptz`;
}

/** CTE `invited`: the locked invitation of a registration whose code was right, if it has one. Reads a CTE `hit(subject_id, matched)`. */
export const invited = `invited AS MATERIALIZED (
    SELECT i.id FROM invites i JOIN registrations r ON r.invite_id = i.id JOIN hit ON r.id = hit.subject_id
     WHERE hit.matched AND ${usable('i')} FOR NO KEY UPDATE OF i
  )`;

/** SQL condition on a registration r: it needs no invitation, or has a good one. */
export const mayRegister = `(r.invite_id IS NULL OR EXISTS (SELECT FROM invited))`;

/** CTEs that count the use of the invitation by the new user, CTE `born`. */
export const countInvite = `invite_used AS (
    UPDATE invites i SET uses = i.uses + 1 FROM invited, born WHERE i.id = invited.id AND ${usable('i')} RETURNING i.id
  ), invite_noted AS (
    ${recordAudit({ event: event('invite_used'), userId: 'born.id', ref: 'invite_used.id', from: 'FROM invite_used JOIN born ON true' })}
  )`;
