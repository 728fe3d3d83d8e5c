// A right code of a registration makes the user and the session (design D1, protocol.md 4). If an account that has been idle past the limit
// has the number, the same statement takes it from that account.
import { event } from '../../audit/audit.sql';
import { freeNumber } from '../recycled-number.sql';
import { insertSession } from '../sessions/sessions.sql';
import { countInvite, invited, mayRegister } from '../invites/invites.sql';
import type { AnonymousEffect } from './verify-anonymous.sql';

const columns = {
  userId: 'born.id',
  epoch: 'born.auth_epoch',
  clientId: 'hit.client_id',
  deviceName: 'hit.device_name',
  tokenDelivery: 'hit.token_delivery',
};

export const makesAccount: AnonymousEffect = {
  // ON CONFLICT: another account has the number.
  ctes: `${invited}, ${freeNumber(`FROM hit JOIN registrations r ON r.id = hit.subject_id WHERE hit.matched AND ${mayRegister} AND o.phone = r.phone`)}, born AS (
    INSERT INTO users (id, phone, password_hash, email, display_name, locale, last_authenticated_at, created_at, terms_version, terms_accepted_at)
    SELECT :userId::uuid, r.phone, r.password_hash, r.email, r.display_name, r.locale, :now::timestamptz, :now::timestamptz,
           r.terms_version, CASE WHEN r.terms_version IS NOT NULL THEN r.created_at END
      FROM hit JOIN registrations r ON r.id = hit.subject_id
     WHERE hit.matched AND ${mayRegister} AND (SELECT count(*) FROM freed) >= 0
    ON CONFLICT (phone) DO NOTHING RETURNING *
  ), ${countInvite}, made AS (
    ${insertSession(columns, 'FROM born JOIN hit ON true')}
  ), spent AS (
    DELETE FROM registrations r USING hit WHERE r.id = hit.subject_id AND hit.matched
  )`,
  event: `CASE WHEN born.id IS NULL THEN ${event('register_conflict')} ELSE ${event('user_created')} END`,
  moreEvents: `ARRAY[${event('phone_verified')}, ${event('session_created')}]`,
  outcome: `CASE WHEN born.id IS NOT NULL THEN 'ok'
                 WHEN EXISTS (SELECT FROM registrations r WHERE r.id = hit.subject_id AND NOT ${mayRegister}) THEN 'uninvited' ELSE 'conflict' END`,
  session: '(SELECT id FROM made)',
  auditedUser: 'born.id',
};
