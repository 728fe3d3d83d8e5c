// What is on record of the messages to a number, and whether any is still to come.
import { setTimeout as sleep } from 'node:timers/promises';
import type { System } from './instance';
import { JOBS } from './queue';

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

/** Once nothing waits to be sent, by message or by mail: what has not come by then does not come. @throws Error after 30 s */
export async function allIsSent({ database }: System): Promise<void> {
  const due = `SELECT 1 FROM ${JOBS} WHERE task_identifier IN ('sms', 'mail') AND attempts < max_attempts AND run_at <= now()`;
  for (const end = Date.now() + 30_000; (await database.query(due)).rowCount !== 0; await sleep(20)) {
    if (Date.now() > end) throw new Error('something still waits to be sent');
  }
}
