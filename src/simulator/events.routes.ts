// GET /events: server-sent events for the page. A connection first gets the newest messages and mails, up to 500 of each, and then each one as it
// arrives. So a page that connects again catches up. The states of the vendors are sent in the same way. A page that reads too slowly is
// disconnected, and connects again by itself.
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Inbox } from './inbox';
import type { Mailbox } from './mailbox';
import { sendProblem } from './problem';
import type { VendorState } from './vendor-board';

const SNAPSHOT_MESSAGES = 500;
const CONNECTIONS_MAX = 100;
const UNSENT_BYTES_MAX = 4 * 1024 * 1024;
const HEARTBEAT_MS = 15_000;
const NEWS_EVERY_MS = 250;

interface Told {
  readonly inbox: Inbox;
  readonly mailbox: Mailbox;
  readonly vendors: () => readonly VendorState[];
}

export function mountEvents(app: FastifyInstance, { inbox, mailbox, vendors }: Told): void {
  const open = new Set<ServerResponse>();
  const heartbeat = setInterval(() => open.forEach((stream) => stream.write(': still here\n\n')), HEARTBEAT_MS);
  const news = tellNews(open, vendors);
  heartbeat.unref();
  app.addHook('preClose', (done) => {
    clearInterval(heartbeat);
    clearInterval(news);
    open.forEach((stream) => stream.end());
    done();
  });
  app.get('/events', (_request, reply) => {
    if (open.size >= CONNECTIONS_MAX) return sendProblem(reply, 503, 'busy', 'Too many pages are open.');
    const stream = reply.hijack().raw;
    stream.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    write(stream, 'snapshot', [...inbox.newest(SNAPSHOT_MESSAGES), ...mailbox.newest(SNAPSHOT_MESSAGES)]);
    write(stream, 'vendors', vendors());
    const arrived = (one: object) => forward(stream, 'message', one);
    const ends = [
      inbox.subscribe({ arrived, cleared: () => forward(stream, 'cleared', {}) }),
      mailbox.subscribe({ arrived, cleared: () => forward(stream, 'emptied', {}) }),
    ];
    open.add(stream);
    stream.on('close', () => {
      ends.forEach((end) => end());
      open.delete(stream);
    });
    return reply;
  });
}

/** Sends the states of the vendors when they have changed, at most every 250 ms, however many requests the vendors get. */
function tellNews(open: ReadonlySet<ServerResponse>, vendors: Told['vendors']): NodeJS.Timeout {
  let told = '';
  const timer = setInterval(() => {
    if (open.size === 0) return;
    const states = vendors();
    const now = JSON.stringify(states);
    if (now === told) return;
    told = now;
    for (const stream of open) if (stream.writableLength <= UNSENT_BYTES_MAX) write(stream, 'vendors', states);
  }, NEWS_EVERY_MS);
  return timer.unref();
}

function forward(stream: ServerResponse, event: string, data: object): void {
  if (stream.writableLength > UNSENT_BYTES_MAX) stream.destroy();
  else write(stream, event, data);
}

function write(stream: ServerResponse, event: string, data: unknown): void {
  stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
