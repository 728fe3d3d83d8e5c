// Client apps as the operator keeps them by command line.
import { cliRecords } from './cli';
import type { System } from './instance';

export interface ClientRecord {
  readonly clientId: string;
  readonly name: string;
  readonly audience: string;
  readonly accessTokenTtlSeconds: number | null;
  readonly scopes: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly disabledAt: string | null;
  readonly secret?: string;
}

/** What `clients ...` prints. */
export function clientRecords(system: System, ...args: string[]): Promise<ClientRecord[]> {
  return cliRecords<ClientRecord>(system.env, 'clients', ...args);
}

/** Registers a client app, with a client id of the test's choice. */
export async function createClient(
  system: System,
  clientId: string,
  ...args: string[]
): Promise<ClientRecord & { readonly secret: string }> {
  const [record] = await clientRecords(system, 'create', '--client-id', clientId, ...args);
  if (record?.secret === undefined) throw new Error(`${clientId} has no secret`);
  return { ...record, secret: record.secret };
}
