// A right code of a login makes a session, in the statement that consumes the challenge (protocol.md 3).
import { event } from '../../audit/audit.sql';
import { insertSession, livingSessions } from '../sessions/sessions.sql';
import type { AccountEffect } from './verify-account.sql';

const columns = {
  userId: 'hit.user_id',
  epoch: 'hit.auth_epoch',
  clientId: 'hit.client_id',
  deviceName: 'hit.device_name',
  tokenDelivery: 'hit.token_delivery',
};

export const signsIn: AccountEffect = {
  session: insertSession(columns, 'FROM hit WHERE hit.matched'),
  sessionId: 'CASE WHEN hit.matched THEN :sessionId::uuid END',
  event: event('otp_success'),
  moreEvents: [
    `CASE WHEN hit.consecutive = 0 THEN ${event('authn_login_success')} ELSE ${event('authn_login_successafterfail')} END`,
    event('session_created'),
  ],
  outcome: `'ok'`,
  // Read from the snapshot, so without the new session. When none was made, there is nothing to count.
  otherSessions: `CASE WHEN hit.matched THEN ${livingSessions({ id: 'hit.user_id', epoch: 'hit.auth_epoch', version: 'hit.version' })} ELSE 0 END`,
};
