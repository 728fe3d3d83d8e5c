// Refusals of a refresh token that was good once, and of pages that may not use its cookie (security.md 5.7).
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
  forbidden_origin: {
    status: 403,
    title: 'Not from this page',
    detail: 'Requests with the refresh cookie are taken from allowed origins only. Nothing was changed.',
    log: 'warn',
  },
});
