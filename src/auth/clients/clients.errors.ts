import { defineErrors } from '../../platform/errors/define-errors';

export const clientErrors = defineErrors({
  insufficient_scope: {
    status: 403,
    title: 'The key does not allow this',
    detail: 'Use the key of a client that has the scope of this route.',
    log: 'warn',
  },
});
