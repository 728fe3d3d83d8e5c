import { defineErrors } from '../../platform/errors/define-errors';

export const receiptErrors = defineErrors({
  signature_invalid: {
    status: 401,
    title: 'The signature is not right',
    detail: 'Sign the bytes sent, with the key that is configured here, now.',
    log: 'warn',
  },
});
