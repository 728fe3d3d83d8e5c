// The origin under which clients reach us, which is the issuer of our tokens. It is PUBLIC_URL or else the bound address, which is known only
// once the server listens. Never taken from the Host header of a request (case A97).
import { Injectable } from '@nestjs/common';

interface Planned {
  readonly PUBLIC_URL?: string;
  readonly HOST: string;
  /** 0 means any free port. */
  readonly PORT: number;
}

/** The origin under which this machine reaches a server that is bound to `host`. */
export function originOf(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

@Injectable()
export class PublicUrl {
  private known: string | undefined;

  /** Sets what is known before the server listens, because jobs that run earlier may need it. */
  setPlanned({ PUBLIC_URL, HOST, PORT }: Planned): void {
    if (PUBLIC_URL !== undefined || PORT !== 0) this.set(PUBLIC_URL ?? originOf(HOST, PORT));
  }

  /** Called once, by app.setup.ts. */
  set(origin: string): void {
    this.known = origin;
  }

  /** @throws Error before it is known: what needs it must not run before the server listens */
  get origin(): string {
    if (this.known === undefined) throw new Error('the public URL is not known before the server listens');
    return this.known;
  }
}
