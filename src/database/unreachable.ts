// Whoever migrates, backs up or restores does it as the owner of the tables: one line says which setting names that connection.
import { OperatorError } from '../platform/process/operator-error';

/** @param error of the driver, as it connected. @throws OperatorError */
export function ownerUnreachable(error: NodeJS.ErrnoException): never {
  // Several attempts (IPv4, IPv6) may be one error, without a message of its own.
  const reason = error.message || error.code || 'no reason given';
  throw new OperatorError(
    `the database cannot be reached (${reason}): check MIGRATION_DATABASE_URL, or DATABASE_URL where that is not set`,
  );
}
