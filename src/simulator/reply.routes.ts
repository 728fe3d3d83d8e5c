// Routes with which somebody writes back from a phone to a vendor's number, and with which tests see what vendors have posted to the app.
import type { FastifyInstance } from 'fastify';
import type { Dialect, DialectContext } from '../sms/contract/dialect';
import { phoneFromParameter } from './inbox';
import type { OptOuts } from './opt-outs';
import { sendProblem } from './problem';
import type { ReceiptsSender } from './receipts-sender';

interface Network {
  readonly dialects: readonly Dialect[];
  readonly contextOf: (provider: string) => DialectContext;
  readonly optOuts: OptOuts;
  readonly receipts: ReceiptsSender;
}

interface Reply {
  readonly provider: string;
  readonly text: string;
}

export function mountReplies(app: FastifyInstance, network: Network): void {
  app.get<{ Querystring: { provider?: string } }>('/receipts', (request, reply) =>
    reply.send(network.receipts.list(request.query.provider)),
  );
  app.post<{ Params: { phone: string } }>('/inbox/:phone/reply', (request, reply) => {
    const phone = phoneFromParameter(request.params.phone);
    const text = parseReply(request.body);
    const dialect = network.dialects.find(({ provider }) => provider === text?.provider);
    if (phone === undefined || text === undefined || dialect?.inbound === undefined) {
      const detail = 'A reply is {provider, text}; the provider is one whose numbers can be written to.';
      return sendProblem(reply, 400, 'validation_failed', detail);
    }
    network.optOuts.hear(dialect.provider, phone, text.text);
    const context = network.contextOf(dialect.provider);
    const message = { id: context.random.uuid(), from: phone, text: text.text };
    const { inbound } = dialect;
    network.receipts.tellInbound(dialect.provider, (url, at) => inbound(message, { url, at }, context));
    return reply.code(202).send({ id: message.id });
  });
}

function parseReply(body: unknown): Reply | undefined {
  try {
    const value: unknown = JSON.parse(typeof body === 'string' ? body : '');
    const { provider, text } = value as Partial<Reply>;
    return typeof provider === 'string' && typeof text === 'string' ? { provider, text } : undefined;
  } catch {
    return undefined;
  }
}
