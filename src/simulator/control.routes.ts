// The simulator's own routes, for tests and people: they show what phones, mailboxes and vendors have received, and switch faults on and off.
import type { FastifyInstance } from 'fastify';
import { faultKinds, parseFault, type FaultList } from './faults';
import { phoneFromParameter, type Inbox } from './inbox';
import { sendProblem } from './problem';
import type { Mailbox } from './mailbox';
import type { RequestLog } from './request-log';
import { RELAY } from './smtp';

interface Controlled {
  readonly providers: readonly string[];
  readonly inbox: Inbox;
  readonly mailbox: Mailbox;
  readonly requests: RequestLog;
  readonly faults: FaultList;
}

export function mountControl(app: FastifyInstance, controlled: Controlled): void {
  mountInbox(app, controlled);
  mountMailbox(app, controlled);
  mountFaults(app, controlled);
  app.get<{ Querystring: { provider?: string } }>('/requests', (request, reply) => {
    const { provider } = request.query;
    if (provider !== undefined && !controlled.providers.includes(provider)) {
      return sendProblem(reply, 404, 'not_found', knownProviders(controlled));
    }
    return reply.send(controlled.requests.list(provider));
  });
  app.get('/health', (_request, reply) => reply.send({ status: 'ok' }));
}

function mountInbox(app: FastifyInstance, { inbox }: Controlled): void {
  app.get<{ Params: { phone: string } }>('/inbox/:phone', (request, reply) => {
    const phone = phoneFromParameter(request.params.phone);
    if (phone === undefined) {
      const detail = 'Ask with a number in E.164: +12025550123, %2B12025550123 or 12025550123.';
      return sendProblem(reply, 400, 'validation_failed', detail, [{ pointer: '/phone', code: 'not_a_number' }]);
    }
    return reply.send(inbox.of(phone));
  });
  app.delete('/inbox', (_request, reply) => {
    inbox.clear();
    return reply.code(204).send();
  });
}

function mountMailbox(app: FastifyInstance, { mailbox }: Controlled): void {
  app.get<{ Params: { address: string } }>('/mailbox/:address', (request, reply) => {
    const { address } = request.params;
    if (address.includes('@')) return reply.send(mailbox.of(address));
    const errors = [{ pointer: '/address', code: 'not_an_address' }];
    return sendProblem(reply, 400, 'validation_failed', 'Ask with an e-mail address.', errors);
  });
  app.delete('/mailbox', (_request, reply) => {
    mailbox.clear();
    return reply.code(204).send();
  });
}

function mountFaults(app: FastifyInstance, controlled: Controlled): void {
  const { faults } = controlled;
  const targets = [...controlled.providers, RELAY];
  app.get('/faults', (_request, reply) => reply.send(faults.list()));
  app.put<{ Params: { provider: string } }>('/faults/:provider', (request, reply) => {
    const { provider } = request.params;
    if (!targets.includes(provider))
      return sendProblem(reply, 404, 'not_found', knownProviders({ providers: targets }));
    const parsed = parseFault(typeof request.body === 'string' ? request.body : '');
    if ('problems' in parsed) {
      const detail = `A fault is {kind, ms?, status?, count?}; kind is one of ${faultKinds.join(', ')}.`;
      return sendProblem(reply, 400, 'validation_failed', detail, parsed.problems);
    }
    faults.set(provider, parsed.fault);
    return reply.send({ provider, ...parsed.fault });
  });
  app.delete<{ Params: { provider: string } }>('/faults/:provider', (request, reply) => {
    const { provider } = request.params;
    if (!targets.includes(provider))
      return sendProblem(reply, 404, 'not_found', knownProviders({ providers: targets }));
    faults.clear(provider);
    return reply.code(204).send();
  });
}

function knownProviders({ providers }: Pick<Controlled, 'providers'>): string {
  return `The simulator speaks: ${providers.join(', ')}.`;
}
