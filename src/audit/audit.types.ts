// Everything that can be recorded: one page for an auditor (security.md 5.10, OWASP logging vocabulary).

export type AuditEventName =
  | 'user_created'
  | 'register_conflict'
  | 'registration_requested'
  | 'authn_login_fail'
  | 'login_challenged'
  | 'otp_sent'
  | 'otp_send_failed'
  | 'phone_verification_requested'
  | 'phone_verified'
  | 'otp_success'
  | 'otp_fail'
  | 'otp_spent'
  | 'notice_queued'
  | 'notice_dropped'
  | 'sms_breaker_opened'
  | 'webhook_rejected'
  | 'sms_budget_threshold'
  | 'session_renewed'
  | 'step_up_challenged'
  | 'step_up'
  | 'step_up_fail'
  | 'authn_password_change'
  | 'authn_password_change_fail'
  | 'phone_change_requested'
  | 'phone_change_completed'
  | 'phone_change_conflict'
  | 'password_reset_requested'
  | 'password_reset_completed'
  | 'breach_check_failed'
  | 'authn_token_reuse'
  | 'session_logout'
  | 'session_logout_all'
  | 'session_logout_others'
  | 'session_expired'
  | 'totp_enrolment_started'
  | 'totp_enrolment_fail'
  | 'totp_enrolled'
  | 'totp_removed'
  | 'recovery_generated'
  | 'recovery_used'
  | 'crypt_decrypt_fail'
  | 'authz_fail'
  | 'account_disabled'
  | 'account_enabled'
  | 'password_change_demanded'
  | 'password_reset_started'
  | 'sessions_ended_by_operator'
  | 'client_created'
  | 'client_updated'
  | 'client_secret_rotated'
  | 'client_disabled'
  | 'client_enabled'
  | 'client_deleted'
  | 'client_authn_fail'
  | 'signing_key_scheduled'
  | 'signing_key_rotated'
  | 'signing_key_imported'
  | 'signing_key_revoked';

export interface AuditEvent {
  readonly event: AuditEventName;
  readonly at: Date;
  readonly userId?: string;
  readonly sessionId?: string;
  /** The challenge, registration, delivery or client it is about. */
  readonly ref?: string;
  readonly requestId?: string;
  readonly address?: string;
  /** Why, in our words; never input. */
  readonly reason?: string;
  /** Facts beside the columns, such as who did it (`by`); never a secret, never free input but an operator's reason and name. */
  readonly meta?: Readonly<Record<string, unknown>>;
}
