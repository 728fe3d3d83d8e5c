import { defineErrors } from '../../platform/errors/define-errors';

export const gateErrors = defineErrors({
  gate_required: {
    status: 403,
    title: 'A gate has to be passed first',
    detail:
      'Do what `gate` asks for and send what comes of it as gateToken, with the same request; each token is good once.',
    log: 'info',
  },
});
