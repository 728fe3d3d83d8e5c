// After the process has stood still (suspended, starved of CPU), asks whether a job that the queue gave to this worker still belongs to it
// (F09, F13, ADR 95). Another worker may have it by then; such a job is not begun. Asking costs a job none of its tries.
import type { JobHelpers } from 'graphile-worker';
import { StoodStill } from '../platform/process/standstill';
import { beatText } from './heartbeat';

/** The queue counts a try each time it hands out a job. So another number of attempts means that another run has the job, even on this worker. */
const heldText = `SELECT FROM graphile_worker._private_jobs WHERE id = $1::bigint AND locked_by = $2 AND attempts = $3`;

/**
 * Writes a heartbeat first. An instance that saw this one silent has taken the job before that write; after it nobody takes the job.
 * @throws StoodStill when another run has the job; the driver's error
 */
export async function demandHeld({ job, query }: Pick<JobHelpers, 'job' | 'query'>): Promise<void> {
  await query(beatText, [job.locked_by]);
  const { rowCount } = await query(heldText, [job.id, job.locked_by, job.attempts]);
  if (rowCount === 0) throw new StoodStill();
}
