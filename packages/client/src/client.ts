// The calls an application makes. What they say about the session goes through the keeper, which renews it; everything else is
// one request and one answer. Invariant: a call is repeated once at most, after its token was refused and renewed.
import type {
  Challenge,
  ChallengeStatus,
  Gate,
  LoginInput,
  PasswordResetInput,
  PhoneRebind,
  PhoneRebindInput,
  RegisterInput,
  ResendInput,
  Tokens,
  User,
  VerifyInput,
} from './api.ts';
import { AccountCalls } from './account-calls.ts';
import type { ClientOptions } from './client-options.ts';
import { DeviceToken } from './device-token.ts';
import { LatchkeyError } from './errors.ts';
import { passing } from './gate.ts';
import { demandNothing, Http } from './http.ts';
import { type KeptSession, tokensIn } from './kept-session.ts';
import { SessionKeeper } from './session-keeper.ts';
import { tabMemory } from './tab-memory.ts';
import { memoryStorage, type TokenStorage } from './token-storage.ts';

/** What a password leads to: a code to be entered, or, from a trusted device, a session. */
export type LoginStep =
  { readonly next: 'code'; readonly challenge: Challenge } | { readonly next: 'done'; readonly user: User };

export class LatchkeyClient extends AccountCalls {
  private readonly http: Http;
  private readonly keeper: SessionKeeper;
  private readonly storage: TokenStorage;
  private readonly device: DeviceToken;
  private readonly listeners = new Set<(user: User | null) => void>();
  private readonly now: () => number;
  private readonly cookieMode: boolean;
  private readonly stopWatching: (() => void) | undefined;

  /** Asks for nothing yet. @throws TypeError when `url` is no http or https address */
  constructor(private readonly options: ClientOptions) {
    super();
    const { origin, protocol } = new URL(options.url);
    if (!/^https?:$/.test(protocol)) throw new TypeError('url: must be an http or https address');
    this.now = options.now ?? Date.now;
    this.cookieMode = options.delivery === 'cookie';
    this.storage = this.cookieMode ? tabMemory(`latchkey:${origin}`) : (options.storage ?? memoryStorage());
    this.device = new DeviceToken(this.cookieMode ? undefined : options.deviceStorage);
    this.http = new Http({
      url: origin,
      fetch: options.fetch ?? ((input, init) => fetch(input, init)),
      withCookies: this.cookieMode,
      timeoutMs: options.timeoutMs ?? 15_000,
    });
    const { http, storage, cookieMode, now } = this;
    const changed = (user: User | null): void => this.listeners.forEach((listener) => listener(user));
    this.keeper = new SessionKeeper({ http, storage, cookieMode, now, changed });
    this.stopWatching = storage.watch?.(() => {
      const silent = (): void => undefined; // the next call tells that the storage fails
      void this.keeper.current().then((session) => changed(session?.user ?? null), silent);
    });
  }

  /** Begins an account; ends with `verify`. @throws LatchkeyError */
  register(input: RegisterInput): Promise<Challenge> {
    return passing(this.http, '/v1/auth/register', { ...this.aboutUs(), ...input }, this.options.onGate);
  }

  /** What has to be passed before that now; null for nothing. `register` and `forgotPassword` find out by themselves. @throws LatchkeyError */
  async gate(purpose: 'register' | 'password_forgot'): Promise<Gate | null> {
    return (await this.http.send<{ gate: Gate | null }>('GET', `/v1/auth/gate?purpose=${purpose}`)).gate;
  }

  /** Begins a session; ends with `verify`, unless the device is trusted. @throws LatchkeyError */
  async login(input: LoginInput): Promise<LoginStep> {
    const askedAt = this.now();
    const trustedDeviceToken = await this.device.load();
    const body = { ...this.aboutUs(), ...(trustedDeviceToken === undefined ? {} : { trustedDeviceToken }), ...input };
    const answer = await this.http.send<Challenge | Tokens | undefined>('POST', '/v1/auth/login', { body });
    if (answer !== undefined && 'challengeToken' in answer) return { next: 'code', challenge: answer };
    return { next: 'done', user: await this.begin(answer, askedAt) };
  }

  /** The code from the phone, of a registration, a login or a step-up. Afterwards the person is signed in here. @throws LatchkeyError */
  async verify(input: VerifyInput): Promise<User> {
    const askedAt = this.now();
    return this.begin(await this.http.send('POST', '/v1/auth/otp/verify', { body: input }), askedAt);
  }

  /** Sends the code again; see `resendAfter` of the challenge. @throws LatchkeyError */
  resend(input: ResendInput): Promise<Challenge> {
    return this.http.send('POST', '/v1/auth/otp/resend', { body: input });
  }

  /** Where the message is, and what can be done next. @throws LatchkeyError */
  status(challengeToken: string): Promise<ChallengeStatus> {
    return this.http.send('POST', '/v1/auth/otp/status', { body: { challengeToken } });
  }

  /**
   * Who was signed in when the page was left, or the process ended; null for nobody. In cookie mode it asks Latchkey, else
   * it only looks.
   * @throws LatchkeyError when Latchkey cannot be asked
   */
  async restore(): Promise<User | null> {
    const session = await this.keeper.current();
    if (session !== undefined || !this.cookieMode) return session?.user ?? null;
    try {
      return (await this.keeper.renew(undefined)).user;
    } catch (error) {
      if (error instanceof LatchkeyError && error.code === 'signed_out') return null;
      throw error;
    }
  }

  /** A code for somebody who has forgotten the password; the answer does not tell whether there is an account. @throws LatchkeyError */
  forgotPassword(identifier: string): Promise<Challenge> {
    return passing(this.http, '/v1/auth/password/forgot', { identifier }, this.options.onGate);
  }

  /** The code of `forgotPassword` and a new password. Signs nobody in: `login` does. @throws LatchkeyError code_*, password_*, and others */
  async resetPassword(input: PasswordResetInput): Promise<void> {
    await this.http.send('POST', '/v1/auth/password/reset', { body: input });
  }

  /** Proves the new number after a lost phone; the account moves to it when the wait is over. Signs nobody in. @throws LatchkeyError */
  rebindPhone(input: PhoneRebindInput): Promise<PhoneRebind> {
    return this.http.send('POST', '/v1/auth/phone-rebind', { body: input });
  }

  /**
   * Ends the session, and signs out here, in every tab.
   * @throws LatchkeyError when Latchkey has not ended the session. In cookie mode the person is still signed in, since no script can
   * remove the cookie: try again. Else the tokens are forgotten all the same, and the session ends by itself.
   */
  async logout(): Promise<void> {
    await this.keeper.end(async (session) => {
      if (session === undefined && !this.cookieMode) return;
      const { refreshToken, accessToken } = session ?? {};
      const body = refreshToken === undefined ? {} : { refreshToken };
      demandNothing(await this.http.send('POST', '/v1/auth/logout', { body, accessToken }));
    });
  }

  /** Ends every session of the person, on every device. @throws LatchkeyError when Latchkey has not said that they have ended */
  async logoutEverywhere(): Promise<void> {
    demandNothing(await this.authorised('POST', '/v1/auth/logout-all', {}));
    // Nobody is signed in any more. Logout only has the browser drop what is left: the cookie, and what pages have stored.
    await this.logout().catch(() => this.forgetSession());
  }

  /** An access token that lives for a while, for whatever `fetch` below does not cover. @throws LatchkeyError signed_out, and others */
  accessToken(): Promise<string> {
    return this.keeper.fresh().then(({ accessToken }) => accessToken);
  }

  /**
   * A request to an API of yours with the access token. Renews the session before the token ends, and once after a 401.
   * Give it addresses of your own only: whoever answers gets the token.
   * @throws LatchkeyError signed_out, and others; what fetch throws
   */
  async fetch(input: string | URL, init: RequestInit = {}): Promise<Response> {
    const send = this.options.fetch ?? fetch;
    const withToken = ({ accessToken }: KeptSession): Promise<Response> => {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${accessToken}`);
      return send(input, { ...init, headers });
    };
    const used = await this.keeper.fresh();
    const response = await withToken(used);
    if (response.status !== 401 || asksForThePerson(response) || init.body instanceof ReadableStream) return response;
    await response.body?.cancel();
    return withToken(await this.keeper.renewed(used));
  }

  /** @param listener is told who is signed in, or null, after every change, in other tabs too. @returns ends it */
  subscribe(listener: (user: User | null) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Lets go of what connects this client with other tabs. The session goes on. */
  close(): void {
    this.stopWatching?.();
    this.listeners.clear();
    if ('close' in this.storage) (this.storage as { close(): void }).close();
  }

  protected override async authorised<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const used = await this.keeper.fresh();
    try {
      return await this.http.send<Answer>(method, path, { body, accessToken: used.accessToken });
    } catch (error) {
      // Of the others, credentials_invalid for one, a new token would make a second try of it.
      if (!(error instanceof LatchkeyError) || error.code !== 'token_invalid') throw error;
      const { accessToken } = await this.keeper.renewed(used);
      return this.http.send<Answer>(method, path, { body, accessToken });
    }
  }

  protected override forgetSession(): Promise<void> {
    return this.keeper.end(() => Promise.resolve());
  }

  private async begin(answer: unknown, askedAt: number): Promise<User> {
    const tokens = tokensIn(answer);
    try {
      return await this.keeper.begin(tokens, askedAt);
    } finally {
      if (tokens.trustedDeviceToken !== undefined) await this.device.save(tokens.trustedDeviceToken);
    }
  }

  private aboutUs() {
    const { clientId, deviceName, locale, delivery = 'body' } = this.options;
    const told = Object.entries({ clientId, deviceName, locale }).filter(([, value]) => value !== undefined);
    return { ...Object.fromEntries(told), tokenDelivery: delivery };
  }
}

/** A new token would not help: the API wants a fresher or stronger sign-in (RFC 9470). */
function asksForThePerson(response: Response): boolean {
  return /insufficient_user_authentication/.test(response.headers.get('www-authenticate') ?? '');
}
