// Everything that can be recorded in the audit log, on one page for auditors (security.md 5.10, OWASP logging vocabulary).

/** The events by name, each with its outcome. success: something was done. failure: it was refused, or it failed. */
export const auditEvents = {
  user_created: 'success',
  user_deleted: 'success',
  profile_changed: 'success',
  account_exported: 'success',
  user_imported: 'success',
  user_import_started: 'success',
  user_import_finished: 'success',
  users_exported: 'success',
  register_conflict: 'failure',
  registration_requested: 'success',
  authn_login_fail: 'failure',
  authn_login_lock: 'failure',
  login_challenged: 'success',
  otp_sent: 'success',
  otp_send_failed: 'failure',
  phone_verification_requested: 'success',
  phone_verified: 'success',
  otp_success: 'success',
  otp_fail: 'failure',
  otp_spent: 'success',
  notice_queued: 'success',
  notice_dropped: 'failure',
  sms_breaker_opened: 'failure',
  webhook_rejected: 'failure',
  sms_budget_threshold: 'failure',
  session_renewed: 'success',
  step_up_challenged: 'success',
  step_up: 'success',
  step_up_fail: 'failure',
  authn_password_change: 'success',
  authn_password_change_fail: 'failure',
  phone_change_requested: 'success',
  phone_change_completed: 'success',
  phone_change_conflict: 'failure',
  phone_released: 'success',
  email_noted: 'success',
  email_change_requested: 'success',
  email_change_completed: 'success',
  email_change_conflict: 'failure',
  email_removed: 'success',
  password_reset_requested: 'success',
  password_reset_completed: 'success',
  breach_check_failed: 'failure',
  authn_token_reuse: 'failure',
  device_trusted: 'success',
  device_revoked: 'success',
  session_logout: 'success',
  session_logout_all: 'success',
  session_logout_others: 'success',
  session_expired: 'success',
  totp_enrolment_started: 'success',
  totp_enrolment_fail: 'failure',
  totp_enrolled: 'success',
  totp_removed: 'success',
  recovery_generated: 'success',
  recovery_used: 'success',
  crypt_decrypt_fail: 'failure',
  authz_fail: 'failure',
  client_created: 'success',
  client_updated: 'success',
  client_secret_rotated: 'success',
  client_disabled: 'success',
  client_enabled: 'success',
  client_deleted: 'success',
  client_authn_fail: 'failure',
  signing_key_scheduled: 'success',
  signing_key_rotated: 'success',
  signing_key_imported: 'success',
  signing_key_revoked: 'success',
  audit_webhook_failing: 'failure',
  audit_webhook_given_up: 'failure',
  account_disabled: 'success',
  account_enabled: 'success',
  password_change_demanded: 'success',
  password_reset_started: 'success',
  sessions_ended_by_operator: 'success',
  second_factor_reopened: 'success',
  authn_login_success: 'success',
  authn_login_successafterfail: 'success',
  session_created: 'success',
  excess_rate_limit_exceeded: 'failure',
  input_validation_fail: 'failure',
  config_changed: 'success',
  state_floor_raised: 'success',
  sys_startup: 'success',
  sys_shutdown: 'success',
  phone_rebind_requested: 'success',
  phone_rebind_started: 'success',
  phone_rebind_code_requested: 'success',
  phone_rebind_proved: 'success',
  phone_rebind_completed: 'success',
  phone_rebind_cancelled: 'success',
  phone_rebind_stopped: 'failure',
  phone_rebind_conflict: 'failure',
  invite_created: 'success',
  invite_revoked: 'success',
  invite_used: 'success',
  terms_accepted: 'success',
  second_factor_alarm_raised: 'failure',
  second_factor_alarm_ended: 'success',
  gate_vendor_failing: 'failure',
  queue_lag_alarm_raised: 'failure',
  queue_lag_alarm_ended: 'success',
  clock_skew_alarm_raised: 'failure',
  clock_skew_alarm_ended: 'success',
} as const satisfies Readonly<Record<string, 'success' | 'failure'>>;

export type AuditEventName = keyof typeof auditEvents;

export interface AuditEvent {
  readonly event: AuditEventName;
  readonly at: Date;
  readonly userId?: string;
  readonly sessionId?: string;
  /** Id of what the event is about, such as a challenge, notice or client app. For `authz_fail` it is the id that the person has typed. */
  readonly ref?: string;
  /** Null outside of a request, as in RequestContext. */
  readonly requestId?: string | null;
  readonly address?: string | null;
  /** The reason, in our words. It must not quote what a request contains. */
  readonly reason?: string;
  /**
   * Facts that have no column, such as who acted (`by`). They must contain no secret. The only texts in them that people wrote are the reason
   * and the name that an operator gives.
   */
  readonly meta?: Readonly<Record<string, unknown>>;
}
