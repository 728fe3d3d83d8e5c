// The authenticator app of a test person: codes from the secret that enrolment showed, by node:crypto alone (RFC 6238), so that what
// the server's library computes is checked against something else.
import { createHmac } from 'node:crypto';
import type { ApiAnswer, ProblemBody } from './api-client';
import type { Person } from './person';

const PERIOD_SECONDS = 30;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export interface EnrolmentBody {
  readonly secret: string;
  readonly otpauthUrl: string;
  readonly qrSvg: string;
}

export class AuthenticatorApp {
  constructor(
    private readonly person: Person,
    readonly secret: string,
  ) {}

  /** Enrols and confirms. The code it confirms with is used up: the next one that counts is of a later step. */
  static async enrolled(person: Person, token: string): Promise<AuthenticatorApp> {
    const { body, status, text } = await enrol(person, token);
    if (status !== 201) throw new Error(`enrol: ${status} ${text}`);
    const app = new AuthenticatorApp(person, body.secret);
    const confirmed = await confirm(person, token, app.code());
    if (confirmed.status !== 204) throw new Error(`confirm: ${confirmed.status} ${confirmed.text}`);
    person.system.clock.advance(PERIOD_SECONDS);
    return app;
  }

  bytes(): Buffer {
    return decoded(this.secret);
  }

  /** What the app shows now, or so many steps of 30 s later. */
  code(stepsAhead = 0): string {
    const step = Math.floor(this.person.system.clock.now().getTime() / 1000 / PERIOD_SECONDS) + stepsAhead;
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const mac = createHmac('sha1', decoded(this.secret)).update(counter).digest();
    const offset = (mac[19] ?? 0) & 15;
    return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
  }

  /** A code of none of the steps that count. */
  wrong(): string {
    const right = [-1, 0, 1].map((ahead) => this.code(ahead));
    return ['000000', '111111', '222222', '333333'].find((code) => !right.includes(code)) ?? '444444';
  }
}

export function enrol(person: Person, token: string): Promise<ApiAnswer<EnrolmentBody & ProblemBody>> {
  return person.api.post('/v1/users/me/totp', undefined, { token });
}

export function confirm(person: Person, token: string, code: string): Promise<ApiAnswer<ProblemBody>> {
  return person.api.post('/v1/users/me/totp/confirm', { code }, { token });
}

export function remove(person: Person, token: string): Promise<ApiAnswer<ProblemBody>> {
  return person.api.request('DELETE', '/v1/users/me/totp', undefined, { token });
}

function decoded(base32: string): Buffer {
  const bits = [...base32].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}
