import { defineErrors } from '../../platform/errors/define-errors';

export const inviteErrors = defineErrors({
  registration_closed: {
    status: 403,
    title: 'Registration is not open',
    detail: 'Registering needs an invitation that is still good, or is not possible at all.',
    log: 'info',
  },
});
