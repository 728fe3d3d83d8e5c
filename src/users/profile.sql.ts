// Changes the profile of an account, which is what a person says of themselves (display name, language), and writes an audit row.
import { type AuditParameters, event, recordAudit } from '../audit/audit.sql';
import { namedStatement } from '../database/sql';
import { accountColumns } from './users.sql';

interface UpdateProfileParameters extends AuditParameters {
  readonly userId: string;
  readonly sessionId: string;
  /** Whether the request names a display name. If not, it stays as it is. The same goes for namesLocale. */
  readonly namesDisplayName: boolean;
  readonly displayName: string | null;
  readonly namesLocale: boolean;
  readonly locale: string | null;
}

/** No row: the account is gone or disabled. */
export const updateProfile = namedStatement<UpdateProfileParameters>(
  'update_profile',
  `WITH changed AS (
    UPDATE users u SET display_name = CASE WHEN :namesDisplayName::boolean THEN :displayName::text ELSE u.display_name END,
           locale = CASE WHEN :namesLocale::boolean THEN :locale::text ELSE u.locale END
     WHERE u.id = :userId::uuid AND u.status = 'active' RETURNING ${accountColumns('u')}
  ), noted AS (
    ${recordAudit({ event: event('profile_changed'), userId: 'changed.id', sessionId: ':sessionId::uuid', from: 'FROM changed' })}
  )
  SELECT * FROM changed`,
);
