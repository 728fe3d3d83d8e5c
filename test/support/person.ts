// What a person does with the API, step by step, as the main job has it: register, read the phone, enter the code, log in.
import type { ApiAnswer, ApiClient, ChallengeBody, JsonObject, ProblemBody, TokensBody } from './api-client';
import type { System } from './instance';
import { until } from './patience';

export const PASSWORD = 'violet-harbor-41-lantern';

/** What a challenge route answers; which half is there depends on the status. */
export type ChallengeAnswer = ApiAnswer<ChallengeBody & ProblemBody>;
export type TokensAnswer = ApiAnswer<TokensBody & ProblemBody>;

export interface StatusBody extends ChallengeBody {
  readonly state: string;
  readonly delivery: string;
  readonly deliveryFailure: string | null;
  readonly deliveryUpdatedAt: string | null;
  readonly codesVoidBefore: string | null;
  readonly next: readonly string[];
}

export class Person {
  readonly api: ApiClient;

  constructor(
    readonly system: System,
    readonly phone: string,
    readonly password: string = PASSWORD,
    api?: ApiClient,
  ) {
    this.api = api ?? system.api;
  }

  register(extra: JsonObject = {}): Promise<ChallengeAnswer> {
    return this.api.post('/v1/auth/register', { phone: this.phone, password: this.password, ...extra });
  }

  login(extra: JsonObject = {}): Promise<ChallengeAnswer> {
    return this.api.post('/v1/auth/login', { identifier: this.phone, password: this.password, ...extra });
  }

  verify(challengeToken: string, code: unknown, extra: JsonObject = {}): Promise<TokensAnswer> {
    return this.api.post('/v1/auth/otp/verify', { challengeToken, code, ...extra });
  }

  resend(challengeToken: string, channel?: string): Promise<ChallengeAnswer> {
    return this.api.post('/v1/auth/otp/resend', { challengeToken, ...(channel === undefined ? {} : { channel }) });
  }

  async status(challengeToken: string): Promise<StatusBody> {
    const answer = await this.api.post<StatusBody>('/v1/auth/otp/status', { challengeToken });
    if (answer.status !== 200) throw new Error(`status answered ${answer.status}: ${answer.text}`);
    return answer.body;
  }

  /** Asks for the status until it fits. @throws Error with the last one when it does not in time. */
  statusWhen(challengeToken: string, fits: (status: StatusBody) => boolean): Promise<StatusBody> {
    let last: StatusBody | undefined;
    const look = async (): Promise<StatusBody | false> => {
      last = await this.status(challengeToken);
      return fits(last) && last;
    };
    return until(look, () => `such a status (it stays ${JSON.stringify(last)})`);
  }

  /** The code of a send that has just been asked for, once the vendor has it on record. */
  async codeOf(challengeToken: string, after?: string): Promise<string> {
    const code = await this.system.phone.codeFor(this.phone, { after });
    await this.statusWhen(challengeToken, ({ delivery }) => delivery === 'sent' || delivery === 'delivered');
    return code;
  }

  /** A challenge and the code on the phone. @throws Error when the route refuses. */
  async challenged(route: 'register' | 'login', extra: JsonObject = {}): Promise<{ token: string; code: string }> {
    const after = await this.system.phone.newest(this.phone);
    const answer = await (route === 'register' ? this.register(extra) : this.login(extra));
    if (answer.body.challengeToken === undefined) throw new Error(`${route}: ${answer.status} ${answer.text}`);
    const token = answer.body.challengeToken;
    return { token, code: await this.codeOf(token, after) };
  }

  /** Registers and verifies: the account exists, and its tokens are returned. */
  async joined(extra: JsonObject = {}, atVerify: JsonObject = {}): Promise<TokensBody> {
    const { token, code } = await this.challenged('register', extra);
    const { status, body, text } = await this.verify(token, code, atVerify);
    if (status !== 200) throw new Error(`verify: ${status} ${text}`);
    return body;
  }

  /** Logs in and verifies: one more session. */
  async again(extra: JsonObject = {}): Promise<TokensBody> {
    const { token, code } = await this.challenged('login', extra);
    const { status, body, text } = await this.verify(token, code);
    if (status !== 200) throw new Error(`verify: ${status} ${text}`);
    return body;
  }

  /** Puts the account into a state that no route gives it, or none so soon. @param assignments SQL, such as `status = 'disabled'` */
  async alter(assignments: string): Promise<void> {
    await this.system.database.query(`UPDATE users SET ${assignments} WHERE phone = $1`, [this.phone]);
  }

  /** From now on the number goes to whoever proves it (A98). */
  becomeIdle(): Promise<void> {
    return this.alter(`last_authenticated_at = last_authenticated_at - interval '91 days'`);
  }
}

/** Somebody who has just registered, and their tokens. */
export async function newcomer(
  system: System,
  phone: string,
  extra: JsonObject = {},
): Promise<{ person: Person; tokens: TokensBody }> {
  const person = new Person(system, phone);
  return { person, tokens: await person.joined(extra) };
}

/** Codes of the same length that are all not this one. */
export function wrongCodes(code: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    String((Number(code) + index + 1) % 10 ** code.length).padStart(code.length, '0'),
  );
}

/** Mobile-type numbers that no other test of the file uses: the file has a phone network of its own. */
export function phoneNumbers(): () => string {
  let next = 2_000_001;
  return () => `+1415${next++}`;
}
