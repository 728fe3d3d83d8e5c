/**
 * session_reused: a refresh token came back after its time; session_surplus: a sign-in ended the session unused for longest;
 * password_changed: from inside a session; password_reset: by a code.
 */
export type NoticeName = 'session_reused' | 'session_surplus' | 'password_changed' | 'password_reset';
