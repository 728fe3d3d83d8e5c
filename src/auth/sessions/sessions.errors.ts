// Refusals of a refresh token that once was good (security.md 5.7).
import { defineErrors } from '../../platform/errors/define-errors';

export const sessionErrors = defineErrors({
  refresh_reused: {
    status: 401,
    title: 'The refresh token was used before',
    detail: 'The session has been ended. Sign in again.',
    log: 'warn',
  },
  refresh_raced: {
    status: 409,
    title: 'The session has just been renewed',
    detail: 'Use the newest refresh token of this session; it is still alive.',
    log: 'info',
  },
});
