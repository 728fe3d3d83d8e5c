// Alarms: what an operator should act on. Each is one log line, which NestLogger counts in latchkey_alarms_total as well. The set is closed, so
// that the metrics have every name before its first alarm, and docs/monitoring.md says of each what to do.

export const alarmNames = [
  'sms_breaker_open',
  'sms_budget_threshold',
  'sms_guard_closed',
  'second_factor_failures',
  'gate_vendor_failing',
  'audit_webhook_failing',
  'audit_webhook_given_up',
  'queue_lag',
  'clock_skew',
  'database_went_back',
] as const;

export type AlarmName = (typeof alarmNames)[number];

type Facts = Readonly<Record<string, unknown>>;
const line =
  <Event extends string>(event: Event) =>
  (name: AlarmName, facts: Facts = {}) => ({ event, name, ...facts });

/** The log line of an alarm. @param facts further fields of it */
export const alarmRaised = line('alarm');
/** The log line that an alarm which lasts is over. @param facts further fields of it */
export const alarmEnded = line('alarm_ended');
