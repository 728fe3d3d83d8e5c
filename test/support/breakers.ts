// What an operator hears of a vendor that is no longer asked.
import type { System } from './instance';

/** Lines of the log, oldest first. */
export function breakerAlarms(system: System): string[] {
  const lines = system.logs().split('\n');
  return lines.filter((line) => line.includes('"event":"alarm"') && line.includes('"name":"sms_breaker_open"'));
}

/** How often the audit log has it. */
export async function timesTold(system: System): Promise<number> {
  const { rows } = await system.database.query(`SELECT 1 FROM audit_log WHERE event = 'sms_breaker_opened'`);
  return rows.length;
}
