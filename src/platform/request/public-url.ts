// The origin under which clients reach us: the issuer of our tokens. PUBLIC_URL when configured, else the bound address,
// which is known only after listening. Never taken from a request's Host header (case A97).
import { Injectable } from '@nestjs/common';

interface Planned {
  readonly PUBLIC_URL?: string;
  readonly HOST: string;
  /** 0: whichever is free. */
  readonly PORT: number;
}

/** Under which a bound host is reached from this machine. */
export function originOf(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

@Injectable()
export class PublicUrl {
  private known: string | undefined;

  /** As far as it is known before a port is bound, since jobs of an earlier life that run by then name it too. */
  setPlanned({ PUBLIC_URL, HOST, PORT }: Planned): void {
    if (PUBLIC_URL !== undefined || PORT !== 0) this.set(PUBLIC_URL ?? originOf(HOST, PORT));
  }

  /** Set once by the composition root. */
  set(origin: string): void {
    this.known = origin;
  }

  /** @throws Error before it is known: nothing that needs it may run before the server listens. */
  get origin(): string {
    if (this.known === undefined) throw new Error('the public URL is not known before the server listens');
    return this.known;
  }
}
