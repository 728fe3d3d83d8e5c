// The simulated relay: an SMTP server on a port of its own that puts every mail into the mailbox. A fault of provider `smtp` acts when a mail
// has been received: the answer comes late, is a refusal, is never sent, or is lost. The library is loaded only when the port is opened.
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { SMTPServerSession } from 'smtp-server';
import type { Fault, FaultList } from './faults';
import type { Mailbox } from './mailbox';

/** The name under which faults of the relay are set. */
export const RELAY = 'smtp';

const MAIL_BYTES_MAX = 1024 * 1024;

interface RelayParts {
  readonly mailbox: Mailbox;
  readonly faults: FaultList;
  /** Called when a mail cannot be read. */
  readonly reportBug: (error: Error) => void;
}

export interface SimulatedRelay {
  readonly port: number;
  close(): Promise<void>;
}

/** @param port 0 picks a free one. @throws Error with code EADDRINUSE or EACCES */
export async function openRelay(host: string, port: number, parts: RelayParts): Promise<SimulatedRelay> {
  const { SMTPServer } = await import('smtp-server');
  const sockets = new Map<number, Socket>();
  const server = new SMTPServer({
    // There is neither TLS nor a password, because the relay is for development and listens on this machine only, unless SIMULATOR_HOST is set.
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    banner: 'Latchkey simulator',
    size: MAIL_BYTES_MAX,
    closeTimeout: 100,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        receive(parts, Buffer.concat(chunks), session, () => sockets.get(session.remotePort)?.resetAndDestroy()).then(
          (refusal) => refusal !== 'never' && done(refusal),
          (error: Error) => {
            parts.reportBug(error);
            done(refuse(451));
          },
        );
      });
    },
  });
  server.on('error', () => undefined); // a client has closed its connection
  server.server.on('connection', (socket: Socket) => {
    const key = socket.remotePort ?? 0;
    sockets.set(key, socket);
    socket.once('close', () => sockets.delete(key));
  });
  server.listen(port, host);
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** @param cut resets the connection. @returns the refusal; null when the mail is taken; `never` when no answer is sent */
async function receive(
  { mailbox, faults }: RelayParts,
  raw: Buffer,
  session: SMTPServerSession,
  cut: () => void,
): Promise<Error | null | 'never'> {
  const fault = faults.take(RELAY);
  if (fault?.ms !== undefined) await wait(fault.ms, undefined, { ref: false });
  if (fault === undefined || fault.kind === 'delay' || fault.kind === 'lost_answer')
    await deliver(mailbox, raw, session);
  return answerOf(fault, cut);
}

function answerOf(fault: Fault | undefined, cut: () => void): Error | null | 'never' {
  if (fault === undefined || fault.kind === 'delay') return null;
  if (fault.kind === 'hang') return 'never';
  if (fault.kind === 'status') return refuse(fault.status ?? 451);
  cut();
  return 'never';
}

async function deliver(mailbox: Mailbox, raw: Buffer, { envelope, secure }: SMTPServerSession): Promise<void> {
  const { default: PostalMime } = await import('postal-mime');
  const { from, subject = '', text = '', headers } = await PostalMime.parse(raw);
  const sender = from === undefined ? '' : `${from.name} <${from.address ?? ''}>`.trim();
  for (const { address } of envelope.rcptTo) {
    mailbox.deliver({
      to: address.toLowerCase(),
      from: sender,
      subject,
      text,
      headers: headers.map(({ key, value }) => ({ name: key, value })),
      secure,
    });
  }
}

function refuse(responseCode: number): Error {
  return Object.assign(new Error('simulated refusal'), { responseCode });
}
