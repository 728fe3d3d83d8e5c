// Breakers: how they close again, and what an operator hears of a vendor that is no longer asked.
import type { System } from './instance';
import { clearFault } from './simulator-control';

/** Longer than a breaker remembers and than it stays open. */
const BREAKER_SECONDS = 31;

/** No vendor has a fault, and each is called again. */
export async function repair(system: System, providers: readonly string[]): Promise<void> {
  await Promise.all(providers.map((provider) => clearFault(system, provider)));
  system.clock.advance(BREAKER_SECONDS);
}

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
