import { defineErrors } from '../../platform/errors/define-errors';

export const passwordErrors = defineErrors({
  credentials_invalid: {
    status: 401,
    title: 'The credentials are not right',
    detail: 'Check the identifier and the password, or the client id and its secret.',
    log: 'info',
  },
  password_change_required: {
    status: 403,
    title: 'The password must be changed',
    detail: 'The password is right, but no longer accepted. Choose a new one: POST /v1/auth/password/forgot.',
    log: 'info',
  },
  password_too_short: {
    status: 422,
    title: 'The password is too short',
    detail: 'Use more characters; any are allowed, spaces included. See the documentation for the minimum.',
    log: 'info',
  },
  password_too_long: {
    status: 422,
    title: 'The password is too long',
    detail: 'Use at most 128 characters.',
    log: 'info',
  },
  password_blocklisted: {
    status: 422,
    title: 'The password is too easy to guess',
    detail:
      'It is among the first that are tried: a common or leaked password, the name of this service, or your own number.',
    log: 'info',
  },
});
