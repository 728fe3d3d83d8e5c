// Which columns of `users` travel when accounts are exported and imported, and which stay behind (ADR 63). A column that is added to the
// schema fails src/users/export/moved-columns.spec.ts until somebody has decided about it here.
import type { ExportedAccount } from '../../src/users/export/user-export.service';
import type { FieldName } from '../../src/users/import/user-import.types';

/** By column, the field that an export writes and an import reads. */
export const moves: Readonly<Record<string, FieldName & keyof ExportedAccount>> = {
  id: 'id',
  phone: 'phone',
  email: 'email',
  email_verified_at: 'emailVerified',
  display_name: 'displayName',
  locale: 'locale',
  status: 'status',
  must_change_password: 'mustChangePassword',
  created_at: 'createdAt',
  last_authenticated_at: 'lastAuthenticatedAt',
  password_hash: 'passwordHash',
};

/** Fields that are no column: an import reads the hash with them. */
export const withTheHash: readonly FieldName[] = ['passwordSalt', 'passwordKey'];

/** Columns that stay behind, by reason. */
export const stays: Readonly<Record<string, readonly string[]>> = {
  'tells of a second factor, and none travels': ['totp_enabled', 'recovery_codes_left'],
  'counts guesses, or ends what this installation has issued': [
    'auth_epoch',
    'password_failures',
    'second_factor_consecutive',
    'second_factor_fails',
  ],
  'holds changes back after a reset of the password here': ['recovered_at'],
  'was accepted towards the operator of this installation, whose versions these are': [
    'terms_version',
    'terms_accepted_at',
  ],
};
