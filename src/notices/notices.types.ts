/**
 * What people are told about their second factors; recovery_codes_few: a code was used and fewer than three are left; device_reused: a
 * trusted device's token came back after its time, and the device is trusted no more.
 */
export type FactorNotice =
  | 'totp_enabled'
  | 'totp_disabled'
  | 'recovery_codes_made'
  | 'recovery_code_used'
  | 'recovery_codes_few'
  | 'device_reused';

/**
 * password_locked: a hundred wrong ones in a row; phone_move_pending: an operator has begun to move the account to another number;
 * phone_released: the number went to somebody else who has proved it, told to the address alone.
 */
export type AccountNotice = 'password_locked' | 'phone_move_pending' | 'phone_released';

/** What people are told about the address by which they are known; email_added: the first that is proved. */
export type EmailNotice = 'email_added' | 'email_changed' | 'email_removed';

/**
 * session_reused: a refresh token came back after its time; session_surplus: a sign-in ended the session unused for longest;
 * password_changed: from inside a session; password_reset: by a code; phone_changed: to the number that is the account's no more;
 * phone_added: to the one that is its now; account_deleted: by the person, from inside a session.
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
