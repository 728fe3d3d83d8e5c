// Everything that can be recorded: one page for an auditor (security.md 5.10, OWASP logging vocabulary).

export type AuditEventName =
  | 'user_created'
  | 'register_conflict'
  | 'registration_requested'
  | 'authn_login_fail'
  | 'login_challenged'
  | 'otp_sent'
  | 'otp_send_failed'
  | 'otp_success'
  | 'otp_fail'
  | 'otp_spent'
  | 'notice_dropped'
  | 'session_renewed'
  | 'authn_token_reuse'
  | 'session_logout'
  | 'session_logout_all'
  | 'session_expired'
  | 'authz_fail';

export interface AuditEvent {
  readonly event: AuditEventName;
  readonly at: Date;
  readonly userId?: string;
  readonly sessionId?: string;
  /** The challenge, registration or delivery it is about. */
  readonly ref?: string;
  readonly requestId?: string;
  readonly address?: string;
  /** Why, in our words; never input. */
  readonly reason?: string;
}
