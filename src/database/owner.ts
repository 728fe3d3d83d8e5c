// A connection of the tables' owner, for work that others may not do, or that takes long: a backup, a restore, the floor.
import { Client } from 'pg';
import { ownerUnreachable } from './unreachable';

/** @throws OperatorError when the database cannot be reached */
export async function openOwner(url: string): Promise<Client> {
  const client = new Client({
    connectionString: url,
    application_name: 'latchkey-owner',
    keepAlive: true,
    options: '-c timezone=UTC -c lock_timeout=5s',
  });
  client.on('error', () => undefined); // the statement that is running reports it
  await client.connect().catch(ownerUnreachable);
  return client;
}
