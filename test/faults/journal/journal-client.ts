// A client under faults, as ours is: it registers, signs in, renews, changes its password and number, asks for recovery codes and leaves,
// and writes down what it was told. What it was not told ends that person's story, unless asking again is promised to be harmless.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiAnswer, ApiClient, ChallengeBody, JsonObject, TokensBody } from '../../support/api-client';
import { type Chance, oneOf } from '../../support/chance';
import { claimsOf } from '../../support/credentials';
import type { System } from '../../support/instance';
import { PASSWORD, wrongCodes } from '../../support/person';
import type { Fact, Journal } from './journal';

type Ask<Body> = (api: ApiClient) => Promise<ApiAnswer<Body>>;
type FactOf = Omit<Fact, 'person' | 'outcome' | 'fault'>;

/** The grace in which a renewed token may be asked for again is 10 s: after so much it is no longer promised. */
const GRACE_MS = 9_000;
const PAUSE_MS = 25;
let people = 0;

const codeIn = ({ status, body }: ApiAnswer<unknown>): string =>
  `${status} ${String((body as { code?: unknown } | null)?.code)}`;

/** No answer, or one that says to come back: the end of this story. */
class Interrupted extends Error {}

export interface Session {
  readonly sessionId: string;
  accessToken: string;
  refreshToken: string;
}

export class JournalClient {
  /** What was no answer, or one that says to come back: `503 overloaded`, or why the connection failed. */
  readonly refusals: string[] = [];
  /** When it was told of each success, by performance.now(). */
  readonly successes: number[] = [];
  /** Answers that no client should see, whatever broke. */
  readonly unexpected: string[] = [];
  private running = true;
  private person = 0;
  private readonly done: Promise<void>;

  constructor(
    private readonly system: System,
    private readonly journal: Journal,
    private readonly fault: string,
    private readonly nextPhone: () => string,
    private readonly chance: Chance,
  ) {
    this.done = this.run();
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.done;
  }

  private async run(): Promise<void> {
    while (this.running) {
      try {
        await this.story();
      } catch (error) {
        if (!(error instanceof Interrupted)) this.unexpected.push(String(error));
        await sleep(PAUSE_MS);
      }
    }
  }

  private async story(): Promise<void> {
    this.person = people += 1;
    let phone = this.nextPhone();
    let password = PASSWORD;
    const began = await this.queued(phone, (api) => api.post('/v1/auth/register', { phone, password }), 202);
    const first = await this.proved({ kind: 'registered', phone, password, ...began });
    await this.renewed(first);
    if (this.chance() < 0.6) {
      const login = await this.queued(phone, (api) => api.post('/v1/auth/login', { identifier: phone, password }), 200);
      await this.proved({ kind: 'signed-in', ...login });
    }
    if (this.chance() < 0.5) password = await this.changedPassword(first, password);
    if (this.chance() < 0.4) phone = await this.changedPhone(first);
    // A recovery code that is used ends every other session.
    if (this.chance() < 0.3) return this.usedRecoveryCode(first, phone, password);
    await this.renewed(first);
    if (this.chance() < 0.4) await this.loggedOut(first);
  }

  /** One request at either instance. @throws Interrupted when nobody knows what became of it; then `unsure` is noted */
  private async told<Body = JsonObject>(ask: Ask<Body>, wanted: number, unsure?: FactOf): Promise<ApiAnswer<Body>> {
    let failure = 'no answer';
    const answer = await ask(oneOf(this.system.apis, this.chance)).catch((error: Error) => {
      failure = (error.cause as { code?: string } | undefined)?.code ?? error.message;
      return undefined;
    });
    if (answer === undefined || answer.status === 503) {
      this.refusals.push(answer === undefined ? failure : codeIn(answer));
      if (unsure !== undefined) this.note(unsure, 'unsure');
      throw new Interrupted();
    }
    if (answer.status !== wanted) throw new Error(`${answer.status} ${answer.text}`);
    this.successes.push(performance.now());
    await sleep(PAUSE_MS);
    return answer;
  }

  private note(fact: FactOf, outcome: Fact['outcome'] = 'acknowledged'): void {
    this.journal.write({ ...fact, person: this.person, outcome, fault: this.fault });
  }

  /** A challenge, N10, and its code once it is on the phone; a wrong guess before it now and then, N6. */
  private async queued(phone: string, ask: Ask<ChallengeBody>, wanted: number) {
    const after = (await this.system.phone.messages(phone))[0]?.id;
    const { challengeToken } = (await this.told(ask, wanted, { kind: 'queued', phone })).body;
    this.note({ kind: 'queued', phone, challengeToken });
    const code = await this.codeOn(phone, after, challengeToken);
    return { challengeToken, code };
  }

  private async codeOn(phone: string, after: string | undefined, challengeToken: string): Promise<string> {
    for (let turn = 1; this.running; turn += 1) {
      const messages = await this.system.phone.messages(phone);
      const seen = messages.findIndex(({ id }) => id === after);
      const code = messages.slice(0, seen < 0 ? undefined : seen).find((message) => message.code !== null)?.code;
      if (typeof code === 'string') return code;
      if (turn % 20 === 0 && (await this.failed(challengeToken))) break;
      await sleep(PAUSE_MS);
    }
    throw new Interrupted();
  }

  private async failed(challengeToken: string): Promise<boolean> {
    const api = oneOf(this.system.apis, this.chance);
    const answer = await api.post('/v1/auth/otp/status', { challengeToken }).catch(() => undefined);
    return answer?.body['delivery'] === 'failed';
  }

  /** N1, N3, N5: the code, and the session that it opens. */
  private async proved(fact: FactOf & { challengeToken: string; code: string }): Promise<Session> {
    const { challengeToken, code } = fact;
    if (this.chance() < 0.3) await this.guessedWrong(challengeToken, code);
    const ask: Ask<TokensBody> = (api) => api.post('/v1/auth/otp/verify', { challengeToken, code });
    const { body } = await this.told(ask, 200, fact);
    const session = { sessionId: String(claimsOf(body)['sid']), accessToken: body.accessToken };
    const { refreshToken = '' } = body;
    this.note({ ...fact, sessionId: session.sessionId, refreshToken });
    return { ...session, refreshToken };
  }

  private async guessedWrong(challengeToken: string, code: string): Promise<void> {
    const [wrong] = wrongCodes(code, 1);
    await this.told((api) => api.post('/v1/auth/otp/verify', { challengeToken, code: wrong }), 401);
    this.note({ kind: 'wrong-code', challengeToken });
  }

  /** N3: an answer that does not come is asked for again, with the same token, and is the same then. */
  private async renewed(session: Session): Promise<void> {
    const { sessionId, refreshToken } = session;
    const fact: FactOf = { kind: 'refreshed', sessionId, refreshToken };
    for (const began = performance.now(); ; await sleep(PAUSE_MS)) {
      const body = await this.renewedOnce(refreshToken);
      if (body !== undefined) {
        session.accessToken = body.accessToken;
        session.refreshToken = body.refreshToken ?? '';
        return this.note({ ...fact, refreshToken: session.refreshToken });
      }
      if (performance.now() - began > GRACE_MS) {
        this.note(fact, 'unsure');
        throw new Interrupted();
      }
    }
  }

  private async renewedOnce(refreshToken: string): Promise<TokensBody | undefined> {
    const ask: Ask<TokensBody> = (api) => api.post('/v1/auth/token/refresh', { refreshToken });
    try {
      return (await this.told(ask, 200)).body;
    } catch (error) {
      // Two of us raced for one token: the first request is still under way.
      if (error instanceof Interrupted || String(error).includes('refresh_raced')) return undefined;
      throw error;
    }
  }

  private async changedPassword({ accessToken, sessionId }: Session, currentPassword: string): Promise<string> {
    const newPassword = `meadow-quartz-${this.person}-ember`;
    const fact: FactOf = { kind: 'password', password: newPassword, sessionId };
    const body = { currentPassword, newPassword };
    await this.told((api) => api.post('/v1/users/me/password', body, { token: accessToken }), 204, fact);
    this.note(fact);
    return newPassword;
  }

  private async changedPhone({ accessToken: token, sessionId }: Session): Promise<string> {
    const phone = this.nextPhone();
    const { challengeToken, code } = await this.queued(
      phone,
      (api) => api.post('/v1/users/me/phone', { phone }, { token }),
      202,
    );
    const fact: FactOf = { kind: 'phone', phone, sessionId };
    const body = { challengeToken, code };
    await this.told((api) => api.post('/v1/users/me/phone/confirm', body, { token }), 200, fact);
    this.note(fact);
    return phone;
  }

  /** N9: a set, and one of it used to sign in. */
  private async usedRecoveryCode({ accessToken: token, sessionId }: Session, phone: string, password: string) {
    const made: FactOf = { kind: 'recovery-codes', sessionId };
    const ask: Ask<{ codes: string[] }> = (api) => api.post('/v1/users/me/recovery-codes', undefined, { token });
    const { codes } = (await this.told(ask, 201, made)).body;
    this.note({ ...made, codes });
    const login: Ask<ChallengeBody> = (api) => api.post('/v1/auth/login', { identifier: phone, password });
    const { challengeToken } = (await this.told(login, 200, { kind: 'queued', phone })).body;
    const [code = ''] = codes;
    const used: FactOf = { kind: 'recovery-code-used', challengeToken, code };
    const body = { challengeToken, code, method: 'recovery_code' };
    const answer = await this.told<TokensBody>((api) => api.post('/v1/auth/otp/verify', body), 200, used);
    const { refreshToken = '' } = answer.body;
    this.note({ ...used, sessionId: String(claimsOf(answer.body)['sid']), refreshToken });
  }

  /** N4: safe to repeat. */
  private async loggedOut({ sessionId, refreshToken }: Session): Promise<void> {
    const fact: FactOf = { kind: 'logged-out', sessionId };
    await this.told((api) => api.post('/v1/auth/logout', { refreshToken }), 204, fact);
    this.note(fact);
  }
}
