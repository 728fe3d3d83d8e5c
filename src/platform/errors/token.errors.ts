// Refusals of a presented token, of whatever kind. The access guard and the challenge routes share them.
import { defineErrors } from './define-errors';

export const tokenErrors = defineErrors({
  token_invalid: {
    status: 401,
    title: 'The token is not valid',
    detail: 'Sign in again, or start again, to get a new token.',
    log: 'info',
  },
  token_type_invalid: {
    status: 401,
    title: 'The token is of another kind',
    detail: 'Each token works only where it was issued for.',
    log: 'warn',
  },
});
