// Refusals of a challenge (security.md 5.7). Each is the same whether there is an account or not.
import { defineErrors } from '../platform/errors/define-errors';

export const otpErrors = defineErrors({
  code_invalid: { status: 401, title: 'The code is not right', detail: 'See attemptsLeft.', log: 'info' },
  code_expired: {
    status: 401,
    title: 'The code is no longer valid',
    detail: 'Start again to get a new one.',
    log: 'info',
  },
  challenge_locked: {
    status: 429,
    title: 'Too many wrong codes',
    detail: 'Start again to get a new one.',
    log: 'info',
  },
  second_factor_locked: {
    status: 429,
    title: 'Too many wrong codes on this account',
    detail: 'Wait for the time in Retry-After.',
    log: 'warn',
  },
  second_factor_required: {
    status: 403,
    title: 'A second factor is needed as well',
    detail:
      'The code is right and not used up: repeat this with one of the methods as well, and again if another is missing.',
    log: 'info',
  },
  channel_not_supported: {
    status: 422,
    title: 'The channel is not available',
    detail: 'Use one of the channels of the challenge.',
    log: 'info',
  },
  provider_unavailable: {
    status: 503,
    title: 'Codes cannot be sent or checked now',
    detail: 'Try again after the time in Retry-After.',
    log: 'error',
  },
});
