/** session_reused: a refresh token came back after its time; session_surplus: a sign-in ended the session unused for longest. */
export type NoticeName = 'session_reused' | 'session_surplus';
