// A person at a device: a client of @latchkey/client, and the phone beside it.
import { type ClientOptions, LatchkeyClient, LatchkeyError, memoryStorage, type TokenStorage } from '@latchkey/client';
import type { System } from '../../support/instance';
import { PASSWORD } from '../../support/person';

/** Every request of a client, so that a test can count, delay or lose it. */
export class Wire {
  readonly requests: { readonly method: string; readonly path: string; readonly status: number }[] = [];
  /** Is given each request before it is sent; may answer in its place, or send it and delay or lose the answer. */
  between:
    ((path: string, send: () => Promise<Response>, signal: AbortSignal | undefined) => Promise<Response>) | undefined;

  readonly fetch = (async (input: string | URL, init: RequestInit = {}) => {
    const path = new URL(input).pathname;
    const send = () => fetch(input, init);
    const response = await (this.between === undefined ? send() : this.between(path, send, init.signal ?? undefined));
    this.requests.push({ method: init.method ?? 'GET', path, status: response.status });
    return response;
  }) as typeof fetch;

  refreshes(): number {
    return this.requests.filter(({ path }) => path === '/v1/auth/token/refresh').length;
  }

  statuses(path: string): number[] {
    return this.requests.filter((request) => request.path === path).map(({ status }) => status);
  }

  clear(): void {
    this.requests.length = 0;
  }
}

/** A client whose clock goes with that of the system. */
export function clientOf(system: System, options: Partial<ClientOptions> = {}): LatchkeyClient {
  return new LatchkeyClient({ url: system.api.url, now: () => system.clock.now().getTime(), ...options });
}

/** Registers and verifies through the client. */
export async function joins(client: LatchkeyClient, system: System, phone: string): Promise<void> {
  const after = await system.phone.newest(phone);
  const { challengeToken } = await client.register({ phone, password: PASSWORD });
  await client.verify({ challengeToken, code: await system.phone.codeFor(phone, { after }) });
}

/** A client of somebody who has just signed in, with its wire and storage. */
export async function signedInAt(system: System, phone: string, storage: TokenStorage = memoryStorage()) {
  const wire = new Wire();
  const client = clientOf(system, { fetch: wire.fetch, storage });
  await joins(client, system, phone);
  wire.clear();
  return { client, wire, storage };
}

/** "done", or the code of the refusal. */
export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof LatchkeyError ? error.code : String(error)),
  );

/** How often an old refresh token has come back and ended a session. */
export async function reusesAt({ database }: System): Promise<number> {
  const sql = `SELECT count(*)::int AS n FROM audit_log WHERE event = 'authn_token_reuse'`;
  return (await database.query<{ n: number }>(sql)).rows[0]?.n ?? -1;
}

/** What a client has stored of its session. */
export const sessionText = async (storage: TokenStorage) =>
  JSON.parse((await storage.load()) ?? 'null') as { refreshToken: string };
