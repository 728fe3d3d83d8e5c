import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { patiently } from '../../support/patience';
import { JOBS } from '../../support/queue';

const PATIENCE_MS = patiently(120_000);

/** Until the queue has nothing more to do for messages: jobs of a worker that died are taken over after 10 s. What waits then is lost (N10). */
export async function settled(database: Pool): Promise<void> {
  const open = `SELECT FROM ${JOBS} WHERE key LIKE 'sms:%' AND attempts < max_attempts LIMIT 1`;
  for (const end = performance.now() + PATIENCE_MS; ; await sleep(100)) {
    if ((await database.query(open)).rowCount === 0) return;
    if (performance.now() > end) throw new Error('messages wait in the queue');
  }
}
