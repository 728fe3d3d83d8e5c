// security.md 5.10 on a real database, with the clock moved instead of the rows.
import { Client } from 'pg';
import { createDatabase } from '../../../test/support/database';
import type { Database } from '../../database/database.service';
import type { Statement } from '../../database/sql';
import { JobRegistry } from '../../jobs/job-registry.service';
import { Clock } from '../../platform/clock/clock';
import { RetentionService } from './retention.service';

class FixedClock extends Clock {
  constructor(private readonly at: string) {
    super();
  }
  override now(): Date {
    return new Date(this.at);
  }
}

describe('retention', () => {
  it('deletes counters untouched for 48 h, more than one batch of them, and keeps the younger', async () => {
    const database = await createDatabase();
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const insert = `INSERT INTO failure_budgets (key, touched_at) SELECT $1 || n, $2::timestamptz FROM generate_series(1, $3::int) n`;
    await client.query(insert, ['old', '2026-01-01T00:00:00Z', 2001]);
    await client.query(insert, ['young', '2026-01-01T00:00:02Z', 1]);
    const run = async <Row>({ text }: Statement, values: readonly unknown[]): Promise<Row[]> =>
      (await client.query(text, [...values])).rows as Row[];
    const service = new RetentionService(
      new JobRegistry(),
      { run } as Database,
      new FixedClock('2026-01-03T00:00:01Z'),
    );
    await service.purge(new AbortController().signal);
    const { rows } = await client.query('SELECT key FROM failure_budgets');
    await client.end();
    await database.drop();
    expect(rows).toEqual([{ key: 'young1' }]);
  });
});
