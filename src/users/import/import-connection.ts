// The one connection of an import. It holds a lock on the file's digest, so that no two processes import one file at a time. Every statement of
// the import runs on this connection, so a process that has lost the lock can write nothing. For a dry run the connection makes temporary
// tables with the names of the real ones. PostgreSQL finds the temporary ones first, so the same statements run and change nothing real.
import { Client } from 'pg';
import type { DatabaseConfig } from '../../database/database.config';
import type { Sql, Statement } from '../../database/sql';
import { directUnreachable } from '../../database/unreachable';
import { OperatorError } from '../../platform/process/operator-error';

/** The tables that an import writes: a dry run needs a temporary one for each. */
const written = ['user_imports', 'user_import_refusals', 'users', 'audit_log'];
const holderColumns = 'id, phone, email, email_verified_at';

/** Time-outs in milliseconds. */
const settings = {
  application_name: 'latchkey-import',
  statement_timeout: 60_000,
  query_timeout: 90_000,
  keepAlive: true,
  options: '-c timezone=UTC',
};

export class ImportConnection implements Sql {
  private lost: Error | undefined;

  private constructor(
    private readonly client: Client,
    private readonly prepared: boolean,
  ) {
    client.on('error', (error) => (this.lost = error));
  }

  /** @throws OperatorError when the database cannot be reached */
  static async open(config: DatabaseConfig): Promise<ImportConnection> {
    const client = new Client({ ...settings, connectionString: config.directUrl });
    const connection = new ImportConnection(client, config.DATABASE_PREPARED);
    await client.connect().catch(directUnreachable);
    return connection;
  }

  /** @param digest of the file. @throws OperatorError while another process holds the lock */
  async lock(digest: Buffer): Promise<void> {
    const key = digest.readBigInt64BE().toString();
    const { rows } = await this.client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [key]);
    if (rows[0]?.got !== true) throw new OperatorError('another process is importing this file');
  }

  /**
   * From here on nothing is written to the real tables.
   * @returns SQL FROM item with all accounts that a line may clash with: those of the dry run and the real ones
   */
  async beginDryRun(): Promise<string> {
    const { rows } = await this.client.query<{ name: string }>('SELECT quote_ident(current_schema()) AS name');
    const schema = rows[0]?.name ?? 'public';
    for (const table of written) {
      await this.client.query(`CREATE TEMPORARY TABLE ${table} (LIKE ${schema}.${table} INCLUDING ALL)`);
    }
    return `(SELECT ${holderColumns} FROM users UNION ALL SELECT ${holderColumns} FROM ${schema}.users)`;
  }

  async run<Row>({ name, text }: Statement, values: readonly unknown[]): Promise<Row[]> {
    if (this.lost !== undefined) throw this.lost;
    const { rows } = await this.client.query({ ...(this.prepared && { name }), text, values: values as unknown[] });
    return rows as Row[];
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }
}
