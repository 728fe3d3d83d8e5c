// What is on record of the messages to a number.
import type { System } from './instance';

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
