// Everything the database holds, as text, to search for what must not be there.
import type { System } from './instance';

/** A job that is done is deleted: triggers keep what it was. */
export async function keepFinishedJobs({ database }: System): Promise<void> {
  await database.query(`CREATE TABLE jobs_seen (job text)`);
  await database.query(`CREATE FUNCTION keep_job() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO jobs_seen VALUES (row_to_json(NEW)::text); RETURN NEW; END $$`);
  for (const table of ['graphile_worker._private_jobs', 'job_outbox'])
    await database.query(
      `CREATE TRIGGER keep_job AFTER INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION keep_job()`,
    );
}

/** All rows of all tables that are not PostgreSQL's own, the queue's included, as text. */
export async function everyTable({ database }: System): Promise<string> {
  const { rows } = await database.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
      WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const parts = rows.map(async ({ name }) => {
    const result = await database.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    return [`-- ${name}`, ...result.rows.map(({ row }) => row)].join('\n');
  });
  return (await Promise.all(parts)).join('\n');
}
