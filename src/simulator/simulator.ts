// The simulated phone network as one HTTP server: the routes of every vendor, the phones and mailboxes, and faults. It uses Fastify without Nest,
// so that it starts in a fraction of a second.
import { fastify, type FastifyError, type FastifyInstance } from 'fastify';
import type { Clock } from '../platform/clock/clock';
import type { OutboundHttp } from '../platform/http/outbound-http';
import type { Random } from '../platform/random/random';
import type { Dialect, DialectContext } from '../sms/contract/dialect';
import { captchaDialects } from './captcha/captcha-dialects';
import { CaptchaTokens } from './captcha/captcha-tokens';
import { mountCaptcha } from './captcha/captcha.routes';
import { mountControl } from './control.routes';
import { mountEvents } from './events.routes';
import type { FaultList } from './faults';
import { Inbox } from './inbox';
import type { Mailbox } from './mailbox';
import { OptOuts } from './opt-outs';
import { mountPage } from './page.routes';
import { sendProblem } from './problem';
import { ReceiptsSender } from './receipts-sender';
import { RequestLog } from './request-log';
import { mountReplies } from './reply.routes';
import { vendorStates } from './vendor-board';
import { mountVendors } from './vendor.routes';

const BODY_BYTES_MAX = 1024 * 1024;

interface SimulatorParts {
  readonly dialects: readonly Dialect[];
  readonly clock: Clock;
  readonly random: Random;
  readonly credentials: DialectContext['credentials'];
  readonly http: OutboundHttp;
  readonly mailbox: Mailbox;
  readonly faults: FaultList;
  /** SIMULATOR_WEBHOOK_URL (receipts-sender.ts). */
  readonly webhookUrl?: string | undefined;
  /** Called when a dialect throws, which is a bug of ours. The answer is 500 then. */
  readonly reportBug: (error: Error) => void;
}

/** @throws Error when two dialects claim one route */
export function createSimulator(parts: SimulatorParts): FastifyInstance {
  const { clock, random, credentials, mailbox, faults } = parts;
  const captcha = new CaptchaTokens(clock, random);
  const dialects = [...parts.dialects, ...captchaDialects(captcha)];
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 1_000 },
  });
  acceptRawBodies(app);
  handleErrors(app, parts.reportBug);

  const inbox = new Inbox(clock, random);
  const requests = new RequestLog(clock, random);
  const stop = new AbortController();
  app.addHook('preClose', (done) => {
    stop.abort();
    done();
  });
  const receipts = receiptsSenderOf(parts, stop.signal);
  const optOuts = new OptOuts();
  const contextOf = (provider: string): DialectContext => ({
    clock,
    random,
    credentials,
    hasStopped: (phone) => optOuts.has(provider, phone),
    deliver: (message, news) => {
      const fault = faults.takeOfMessage(provider);
      if (fault?.kind !== 'undelivered') inbox.deliver(provider, message);
      if (news !== undefined) receipts.tell(provider, news, fault);
    },
  });
  mountVendors(app, dialects, { requests, faults, contextOf, stopping: stop.signal });
  const providers = dialects.map(({ provider }) => provider);
  mountControl(app, { providers, inbox, mailbox, requests, faults });
  mountCaptcha(app, captcha);
  mountReplies(app, { dialects, contextOf, optOuts, receipts });
  mountEvents(app, { inbox, mailbox, vendors: () => vendorStates({ providers, requests, faults }) });
  mountPage(app);
  return app;
}

function receiptsSenderOf(
  { clock, http, webhookUrl, reportBug }: SimulatorParts,
  stopping: AbortSignal,
): ReceiptsSender {
  return new ReceiptsSender({ clock, http, webhookUrl, reportBug, stopping });
}

/** Bodies of every content type stay text, because dialects check signatures over the body as it was sent. */
function acceptRawBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
}

function handleErrors(app: FastifyInstance, reportBug: (error: Error) => void): void {
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, 404, 'not_found', 'No vendor and no page of the simulator has this route.'),
  );
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return sendProblem(reply, status, status === 413 ? 'too_large' : 'bad_request', error.code);
    if (error.name !== 'AbortError') reportBug(error);
    return sendProblem(reply, 500, 'internal', 'The simulator failed; its log says why.');
  });
}
