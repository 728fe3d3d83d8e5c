// Whether an event says that something was refused or went wrong (field `outcome` of security.md 5.10).
import type { AuditEventName } from './audit.types';

const failures: readonly AuditEventName[] = [
  'register_conflict',
  'authn_login_fail',
  'otp_send_failed',
  'otp_fail',
  'notice_dropped',
  'sms_breaker_opened',
  'webhook_rejected',
  'sms_budget_threshold',
  'step_up_fail',
  'authn_password_change_fail',
  'phone_change_conflict',
  'breach_check_failed',
  'authn_token_reuse',
  'totp_enrolment_fail',
  'crypt_decrypt_fail',
  'authz_fail',
  'client_authn_fail',
];

export function outcomeOf(event: AuditEventName): 'success' | 'failure' {
  return failures.includes(event) ? 'failure' : 'success';
}
