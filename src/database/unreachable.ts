// Who connects directly, past a pooling proxy, or as the owner of the tables is told in one line which setting has the address that failed.
import { OperatorError } from '../platform/process/operator-error';

/** For migrations, backups and restores. @param error of the driver, as it connected. @throws OperatorError */
export function ownerUnreachable(error: NodeJS.ErrnoException): never {
  throw unreachable(error, 'MIGRATION_DATABASE_URL, or DATABASE_DIRECT_URL or DATABASE_URL where that is not set');
}

/** For connections that hold a session lock. @param error of the driver, as it connected. @throws OperatorError */
export function directUnreachable(error: NodeJS.ErrnoException): never {
  throw unreachable(error, 'DATABASE_DIRECT_URL, or DATABASE_URL where that is not set');
}

function unreachable({ message, code }: NodeJS.ErrnoException, settings: string): OperatorError {
  // When several addresses were tried (IPv4, IPv6), their errors come as one without a message.
  const reason = message || code || 'no reason given';
  return new OperatorError(`the database cannot be reached (${reason}): check ${settings}`);
}
