// Migrations, backups and restores connect as the owner of the tables. When that fails, one line names the setting with its address.
import { OperatorError } from '../platform/process/operator-error';

/** @param error of the driver, as it connected. @throws OperatorError */
export function ownerUnreachable(error: NodeJS.ErrnoException): never {
  // When several addresses were tried (IPv4, IPv6), their errors come as one without a message.
  const reason = error.message || error.code || 'no reason given';
  throw new OperatorError(
    `the database cannot be reached (${reason}): check MIGRATION_DATABASE_URL, or DATABASE_URL where that is not set`,
  );
}
