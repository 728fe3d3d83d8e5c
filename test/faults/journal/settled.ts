import type { Pool } from 'pg';
import { until } from '../../support/patience';
import { JOBS } from '../../support/queue';

/** Until the queue has nothing more to do for messages: jobs of a worker that died are taken over after 10 s. What waits then is lost (N10). */
export async function settled(database: Pool): Promise<void> {
  const open = `SELECT FROM ${JOBS} WHERE key LIKE 'sms:%' AND attempts < max_attempts LIMIT 1`;
  await until(async () => (await database.query(open)).rowCount === 0, 'the last message of the queue', 120_000, 100);
}
