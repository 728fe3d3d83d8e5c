// Hands one mail to the relay over SMTP: one try, 2 s to connect and 5 s in all (security.md 5.8). The mail is sent as it was composed. A mail with
// a control character in a header field is refused (A63).
import { Injectable } from '@nestjs/common';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { insideTransaction } from '../platform/request/transaction-mark';
import { rejection } from '../platform/time/in-time';
import { MailConfig, type Relay } from './mail.config';
import type { Mail } from './mail.types';

const CONNECT_MILLISECONDS = 2000;
const TOTAL_MILLISECONDS = 5000;
const ANSWER_BYTES_MAX = 64 * 1024;
const control = /\p{Cc}/u;

/**
 * refused: the relay will never take this mail. unavailable: it takes none now, or its answer was lost. The reason has our words and the relay's
 * code, and never the relay's text, which may contain the address.
 */
export type RelayResult =
  { readonly ok: true } | { readonly ok: false; readonly kind: 'refused' | 'unavailable'; readonly reason: string };

interface Stamps {
  /** The same for every try of one mail, so that a mail program shows a repeated mail only once. */
  readonly messageId: string;
  readonly date: Date;
  readonly signal: AbortSignal;
}

@Injectable()
export class SmtpRelay {
  constructor(private readonly config: MailConfig) {}

  /** @throws Error inside a transaction, without a relay, and for a control character in a header (A63) */
  async send(mail: Mail, { messageId, date, signal }: Stamps): Promise<RelayResult> {
    const { relay, from } = this.config;
    if (relay === undefined) throw new Error('no relay is configured');
    if (insideTransaction()) throw new Error('the network is not called inside a transaction');
    if (control.test(mail.to + mail.subject)) throw new Error('a control character in a header');
    const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
    const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
    const message = await new MailComposer({
      ...{ from, to: { name: '', address: mail.to }, subject: mail.subject, text: mail.text, date },
      messageId: `<${messageId}@${domain}>`,
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      disableFileAccess: true,
      disableUrlAccess: true,
    })
      .compile()
      .build();
    const connection = await connectionTo(relay, domain);
    const envelope = { from: from.address, to: mail.to };
    return within(connection, signal, () => hand(connection, relay, envelope, message));
  }
}

/** Loads the library at the first use, because without a relay nobody needs it. */
async function connectionTo({ host, port, security }: Relay, name: string): Promise<SMTPConnection> {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  return new Connection({
    host,
    port,
    name,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true },
    connectionTimeout: CONNECT_MILLISECONDS,
    dnsTimeout: CONNECT_MILLISECONDS,
    greetingTimeout: TOTAL_MILLISECONDS,
    socketTimeout: TOTAL_MILLISECONDS,
    socketCloseTimeout: 0,
    maxResponseSize: ANSWER_BYTES_MAX,
  });
}

async function hand(
  connection: SMTPConnection,
  { login }: Relay,
  envelope: { from: string; to: string },
  message: Buffer,
): Promise<void> {
  await step((done) => connection.connect((error) => done(error)));
  if (login !== undefined) {
    const { user } = login;
    await step((done) => connection.login({ user, pass: login.pass.reveal() }, (error) => done(error)));
  }
  await step((done) => connection.send(envelope, message, (error) => done(error)));
  connection.quit();
}

function step(begin: (done: (error: Error | null | undefined) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => begin((error) => (error ? reject(error) : resolve())));
}

/** Closes the connection, however the work ends. */
async function within(
  connection: SMTPConnection,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<RelayResult> {
  const broken = new Promise<never>((_, reject) => connection.on('error', reject));
  const enough = AbortSignal.any([signal, AbortSignal.timeout(TOTAL_MILLISECONDS)]);
  const late = rejection(enough, new Error('time is up'));
  try {
    await Promise.race([work(), broken, late]);
    return { ok: true };
  } catch (error) {
    return failureOf(error as RelayError);
  } finally {
    connection.close();
  }
}

interface RelayError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly command?: string;
}

/** A 5xx about the recipient or the message is final. A 5xx about us, such as a wrong password, can be mended by the operator; the mail waits. */
function failureOf({ code, responseCode, command, message }: RelayError): RelayResult {
  const isAboutMail = command === 'RCPT TO' || command === 'DATA' || code === 'EMESSAGE';
  const isFinal = responseCode !== undefined && responseCode >= 500;
  const known = [code ?? 'time', command, responseCode].filter((part) => part !== undefined).join(' ');
  const reason = code === undefined && message !== 'time is up' ? 'unexpected' : known;
  return { ok: false, kind: isAboutMail && isFinal ? 'refused' : 'unavailable', reason };
}
