// A connection for what only the owner of the tables may do, and what takes its time: a backup, a restore, the floor.
import { Client } from 'pg';
import { OperatorError } from '../platform/process/operator-error';

/** @throws OperatorError when the database cannot be reached */
export async function openOwner(url: string): Promise<Client> {
  const client = new Client({
    connectionString: url,
    application_name: 'latchkey-owner',
    keepAlive: true,
    options: '-c timezone=UTC -c lock_timeout=5s',
  });
  client.on('error', () => undefined); // the statement under way says so
  await client.connect().catch((error: Error & { code?: string }) => {
    throw new OperatorError(
      `the database cannot be reached (${error.message || error.code}): check MIGRATION_DATABASE_URL, or DATABASE_URL where that is not set`,
    );
  });
  return client;
}
