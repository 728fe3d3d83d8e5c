import { defineErrors } from '../../platform/errors/define-errors';

export const loginErrors = defineErrors({
  credentials_invalid: {
    status: 401,
    title: 'The credentials are not right',
    detail: 'Check the identifier and the password, or the client id and its secret.',
    log: 'info',
  },
});
