// The names of all notices, and what each tells.

/**
 * Notices about second factors. recovery_codes_few: a code was used, and fewer than three are left. device_reused: an old token of a trusted
 * device was used, so the device is not trusted any more.
 */
export type FactorNotice =
  | 'totp_enabled'
  | 'totp_disabled'
  | 'recovery_codes_made'
  | 'recovery_code_used'
  | 'recovery_codes_few'
  | 'device_reused';

/**
 * password_locked: a hundred wrong passwords in a row. phone_move_pending: an operator has begun to move the account to another number.
 * phone_released: somebody else has proved the number and has it now; only the address of the account is told.
 */
export type AccountNotice = 'password_locked' | 'phone_move_pending' | 'phone_released';

/** Notices about the e-mail address. email_added: the account had no proved address before. */
export type EmailNotice = 'email_added' | 'email_changed' | 'email_removed';

/**
 * session_reused: an old refresh token was used, so its session was ended. session_surplus: a sign-in has ended the session that was unused for
 * longest. password_changed: inside a session. password_reset: by a code. phone_changed: told to the number that the account had before.
 * phone_added: told to its new number. account_deleted: by the person, inside a session.
 */
export type NoticeName =
  | 'session_reused'
  | 'session_surplus'
  | 'password_changed'
  | 'password_reset'
  | 'phone_changed'
  | 'phone_added'
  | 'account_deleted'
  | FactorNotice
  | AccountNotice
  | EmailNotice;
