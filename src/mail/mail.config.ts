// The relay that takes our mail, and the sender's address. The connection always has TLS with a checked certificate: from the first byte
// (smtps), or by STARTTLS (smtp), without which nothing is sent. The only exception is smtp to this machine in development, which has no TLS.
import { ConfigSlice, type Environment, type Problem } from '../config/config-slice';
import { EnvSecret, EnvString } from '../config/fields';
import { Secret } from '../config/secret';
import { canonicalEmail } from '../platform/email/email-address';

export interface Relay {
  readonly host: string;
  readonly port: number;
  readonly security: 'tls' | 'starttls' | 'none';
  readonly login: { readonly user: string; readonly pass: Secret } | undefined;
}

export interface Sender {
  readonly name: string;
  readonly address: string;
}

const DEVELOPMENT_FROM = 'no-reply@latchkey.example';
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const ports: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 };
/** An address, or a name and an address in angle brackets. Control characters are refused, because they could end a header line. */
const sender = /^(?:([^\p{Cc}<>"]{1,64}?) *<([^<> ]+)>|([^<> ]+))$/u;

export class MailConfig extends ConfigSlice {
  /** smtp://user:password@host:port or smtps://user:password@host:port, with special characters percent-encoded. Absent: no mail is sent. */
  @EnvSecret() SMTP_URL?: Secret;

  /** The sender of our mail, such as Latchkey <no-reply@example.com>. */
  @EnvString() MAIL_FROM?: string;

  /** SMTP_URL as it was read. Undefined: no mail is sent. */
  relay?: Relay | undefined;

  get from(): Sender {
    const parsed = parseSender(this.MAIL_FROM ?? '');
    if (parsed === undefined) throw new Error('MAIL_FROM was not checked');
    return parsed;
  }

  override applyDefaults({ production }: Environment): void {
    if (!production) this.MAIL_FROM ??= DEVELOPMENT_FROM;
    this.relay = this.SMTP_URL === undefined ? undefined : parseRelay(this.SMTP_URL.reveal(), production);
  }

  override problems(): Problem[] {
    const found: Problem[] = [];
    if (this.SMTP_URL !== undefined && this.relay === undefined) {
      found.push({
        key: 'SMTP_URL',
        reason: 'must be smtp://host or smtps://host, with user:password@ and :port where needed',
      });
    }
    if (this.MAIL_FROM !== undefined && parseSender(this.MAIL_FROM) === undefined) {
      found.push({ key: 'MAIL_FROM', reason: 'must be an address, or a name and an address in <>' });
    }
    if (this.SMTP_URL !== undefined && this.MAIL_FROM === undefined) {
      found.push({ key: 'MAIL_FROM', reason: 'is required with SMTP_URL' });
    }
    return found;
  }
}

/** Refuses options in the URL, because some libraries would let one of them switch off the check of certificates. */
function parseRelay(text: string, production: boolean): Relay | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const usual = ports[url?.protocol ?? ''];
  if (url === undefined || usual === undefined || !isBare(url)) return undefined;
  const login = loginOf(url);
  if (login === null) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { host, port: url.port === '' ? usual : Number(url.port), security: securityOf(url, production), login };
}

function isBare({ hostname, pathname, search, hash }: URL): boolean {
  return hostname !== '' && (pathname === '' || pathname === '/') && search === '' && hash === '';
}

function securityOf({ protocol, hostname }: URL, production: boolean): Relay['security'] {
  if (protocol === 'smtps:') return 'tls';
  return !production && loopback.test(hostname) ? 'none' : 'starttls';
}

/** @returns null for a user without a password, or one that cannot be decoded */
function loginOf({ username, password }: URL): Relay['login'] | null {
  if (username === '' && password === '') return undefined;
  try {
    const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
    return user !== '' && pass !== '' ? { user, pass: new Secret(pass) } : null;
  } catch {
    return null;
  }
}

function parseSender(text: string): Sender | undefined {
  const [, name = '', bracketed, bare] = sender.exec(text) ?? [];
  const address = canonicalEmail(bracketed ?? bare ?? '');
  return address === undefined ? undefined : { name: name.trim(), address };
}
