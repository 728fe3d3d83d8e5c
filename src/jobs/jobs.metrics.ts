// Metrics and traces of the queue: every run of a job in this process, and, read from the database, the jobs that wait for any worker.
// A run continues the trace of the request that queued the job.
import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { TRACEPARENT } from '../database/sql';
import { Metrics } from '../platform/metrics/metrics';
import { Tracer } from '../platform/tracing/tracer';
import { dueJobs } from './jobs.sql';

/** Seconds. The upper ones are for sends, which may wait 10 s for a vendor in doubt. */
const BUCKETS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];

const queueText = `
  SELECT job, count(*)::int AS waiting, max(extract(epoch FROM now() - due_at))::float8 AS lag FROM (${dueJobs}) waiting
   WHERE due_at <= now() GROUP BY job`;
const deadText = `
  SELECT task_identifier AS job, count(*)::int AS dead
    FROM graphile_worker.jobs WHERE attempts >= max_attempts AND locked_at IS NULL GROUP BY task_identifier`;

@Injectable()
export class JobMetrics {
  private readonly took;

  constructor(
    private readonly metrics: Metrics,
    private readonly tracer: Tracer,
  ) {
    this.took = metrics.durations(
      { name: 'latchkey_job_duration_seconds', help: 'Runs of jobs on this instance', labels: ['job', 'outcome'] },
      BUCKETS,
    );
  }

  /** @throws what the job throws */
  async run(job: string, payload: unknown, run: () => Promise<void>): Promise<void> {
    const begun = performance.now();
    let outcome = 'failed';
    try {
      await this.tracer.around(
        { name: `job ${job}`, kind: 'consumer', facts: { 'latchkey.job': job }, parent: traceparentOf(payload) },
        run,
      );
      outcome = 'done';
    } finally {
      this.took({ job, outcome }, (performance.now() - begun) / 1000);
    }
  }

  /** Every instance reports the same figures, as they are of the whole queue: take their maximum, not their sum. */
  watchQueue(pool: Pool): void {
    const { metrics } = this;
    const labels = ['job'] as const;
    const ready = async (column: 'waiting' | 'lag') => {
      const { rows } = await pool.query<{ job: string; waiting: number; lag: number }>(queueText);
      return rows.map((row) => ({ labels: { job: row.job }, value: row[column] }));
    };
    metrics.gauge({ name: 'latchkey_jobs_waiting', help: 'Jobs that are due and have no worker yet', labels }, () =>
      ready('waiting'),
    );
    metrics.gauge(
      { name: 'latchkey_job_lag_seconds', help: 'How long the job that waits longest has been due', labels },
      () => ready('lag'),
    );
    metrics.gauge(
      { name: 'latchkey_jobs_dead', help: 'Jobs that failed for the last time and are kept', labels },
      async () => {
        const { rows } = await pool.query<{ job: string; dead: number }>(deadText);
        return rows.map(({ job, dead }) => ({ labels: { job }, value: dead }));
      },
    );
  }
}

function traceparentOf(payload: unknown): string | undefined {
  const value = (payload as Readonly<Record<string, unknown>> | null)?.[TRACEPARENT];
  return typeof value === 'string' ? value : undefined;
}
