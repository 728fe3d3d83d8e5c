// Refusals of sensitive routes (security.md 5.5, 5.7, 0.4/1). Each tells the client what to do.
import { defineErrors } from '../../platform/errors/define-errors';

export const stepUpErrors = defineErrors({
  step_up_required: {
    status: 403,
    title: 'Prove yourself again',
    detail:
      'POST /v1/auth/step-up with the password, enter the code at POST /v1/auth/otp/verify, then repeat this with the new access token.',
    log: 'info',
  },
  recently_recovered: {
    status: 403,
    title: 'Not so soon after a password reset',
    detail: 'The password was reset by SMS alone. Changes to the account wait for the time in Retry-After.',
    log: 'info',
  },
});
