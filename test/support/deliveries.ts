// What is on record of the messages to a number, and whether any is still to come.
import type { System } from './instance';
import { until } from './patience';
import { jobsLeft } from './queue';

export interface HandOver {
  readonly provider: string | null;
  readonly status: string;
  /** Why it failed. */
  readonly kind: string | null;
}

/** Hand-overs to vendors, oldest first. */
export async function handOversTo(system: System, phone: string): Promise<HandOver[]> {
  const { rows } = await system.database.query<HandOver>(
    `SELECT d.provider, d.status, d.failure_kind AS kind FROM sms_deliveries d JOIN otp_attempts c ON c.id = d.reference_id
      WHERE c.phone = $1 ORDER BY d.created_at, d.id`,
    [phone],
  );
  return rows;
}

/** Once nothing waits to be sent, by message or by mail: what has not come by then does not come. */
export async function allIsSent(system: System): Promise<void> {
  const due = `task_identifier IN ('sms', 'mail') AND attempts < max_attempts AND run_at <= now()`;
  await until(async () => (await jobsLeft(system, due)) === 0, 'the last of what is to be sent');
}
