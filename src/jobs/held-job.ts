// Whether a job that the queue has handed to this worker is this worker's still, after the process has stood still (F09, F13, ADR 95): others may
// have it by then. A job that is theirs is not begun; one that is ours has lost no try by the question.
import type { JobHelpers } from 'graphile-worker';
import { StoodStill } from '../platform/process/standstill';
import { beatText } from './heartbeat';

/** Each time the queue hands out a job it counts a try: the same one, handed to us once more, is held by another run. */
const heldText = `SELECT FROM graphile_worker._private_jobs WHERE id = $1::bigint AND locked_by = $2 AND attempts = $3`;

/**
 * Asked after a sign of life of ours: who has seen us silent has taken the job before, and nobody takes it after.
 * @throws StoodStill when it is others'; the driver's error
 */
export async function demandHeld({ job, query }: Pick<JobHelpers, 'job' | 'query'>): Promise<void> {
  await query(beatText, [job.locked_by]);
  const { rowCount } = await query(heldText, [job.id, job.locked_by, job.attempts]);
  if (rowCount === 0) throw new StoodStill();
}
