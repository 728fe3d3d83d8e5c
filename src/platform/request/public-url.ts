// The origin under which clients reach us: the issuer of our tokens. PUBLIC_URL when configured, else the bound address,
// which is known only after listening. Never taken from a request's Host header (case A97).
import { Injectable } from '@nestjs/common';

@Injectable()
export class PublicUrl {
  private known: string | undefined;

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
