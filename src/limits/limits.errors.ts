import { defineErrors } from '../platform/errors/define-errors';

/** Numbers with and without an account get the same answers (security.md 5.7). */
export const limitsErrors = defineErrors({
  sms_budget_exhausted: {
    status: 503,
    title: 'No more messages of this kind can be sent now',
    detail: 'Try again after the time in Retry-After.',
    log: 'warn',
  },
});
