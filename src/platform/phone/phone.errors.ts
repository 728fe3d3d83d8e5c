import { defineErrors } from '../errors/define-errors';

export const phoneErrors = defineErrors({
  phone_not_supported: {
    status: 422,
    title: 'The phone number is not supported',
    detail: 'Use a mobile number of a served country, in international form beginning with +.',
    log: 'info',
  },
});
