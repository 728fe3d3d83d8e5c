import { type AuditParameters, event, recordAudit } from '../../audit/audit.sql';
import { namedStatement, statement } from '../../database/sql';

/** $1 id of the account. */
export const readTerms = statement(
  'terms_read',
  'SELECT terms_version AS accepted, terms_accepted_at AS "acceptedAt" FROM users WHERE id = $1',
);

/** Changes nothing when this version is accepted already, so the time of its first acceptance stays. */
export const acceptTerms = namedStatement<AuditParameters & { userId: string; sessionId: string; version: string }>(
  'terms_accept',
  `WITH accepted AS (
    UPDATE users u SET terms_version = :version::text, terms_accepted_at = :now::timestamptz
     WHERE u.id = :userId AND u.terms_version IS DISTINCT FROM :version::text RETURNING u.id
  ), noted AS (
    ${recordAudit({ event: event('terms_accepted'), userId: 'accepted.id', sessionId: ':sessionId::uuid', reason: ':version::text', from: 'FROM accepted' })}
  ) SELECT count(*)::int AS changed FROM accepted`,
);
