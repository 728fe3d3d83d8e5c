// A browser in cookie mode, as far as our rules go: it keeps the refresh cookie, sends it by itself, and names its page's origin.
import { ApiClient, type ApiAnswer, type JsonObject, type ProblemBody, type TokensBody } from './api-client';
import { Person } from './person';

export type BrowserAnswer = ApiAnswer<TokensBody & ProblemBody & { readonly refreshExpiresIn?: number }>;

/** Set-Cookie of our cookie, taken apart; undefined when the answer has none. */
export function cookieOf({ headers }: { readonly headers: Headers }): { value: string; line: string } | undefined {
  const [line, ...more] = headers.getSetCookie();
  if (line === undefined) return undefined;
  if (more.length > 0) throw new Error(`more than one cookie: ${more.join(' | ')}`);
  const [, value] = /^__Host-rt=([^;]*);/.exec(line) ?? [];
  if (value === undefined) throw new Error(`a cookie of another name: ${line}`);
  return { value, line };
}

export class Browser {
  /** Value of the refresh cookie; undefined when there is none. */
  cookie: string | undefined;

  constructor(
    readonly api: ApiClient,
    /** Of the page; undefined for a request that names none. */
    readonly origin: string | undefined,
    readonly more: Readonly<Record<string, string>> = {},
  ) {}

  /** The same jar, another page or another instance. */
  tab(origin = this.origin, api = this.api, more = this.more): Browser {
    const tab = new Browser(api, origin, more);
    tab.cookie = this.cookie;
    return tab;
  }

  refresh(body?: JsonObject): Promise<BrowserAnswer> {
    return this.post('/v1/auth/token/refresh', body);
  }

  logout(body?: JsonObject): Promise<BrowserAnswer> {
    return this.post('/v1/auth/logout', body);
  }

  /** Sends what a browser would, and keeps the cookie that comes back. */
  async post(path: string, body?: JsonObject, token?: string): Promise<BrowserAnswer> {
    const headers = {
      ...(this.origin === undefined ? {} : { origin: this.origin }),
      ...(this.cookie === undefined ? {} : { cookie: `theme=dark; __Host-rt=${this.cookie}` }),
      ...this.more,
    };
    const options = token === undefined ? { headers } : { headers, token };
    const answer = await this.api.post<BrowserAnswer['body']>(path, body, options);
    const set = cookieOf(answer);
    if (set !== undefined) this.cookie = set.value === '' ? undefined : set.value;
    return answer;
  }

  /** Registers, or logs in who has an account, in cookie mode. @throws Error with the answer that was not expected */
  async signIn(person: Person, route: 'register' | 'login', extra: JsonObject = {}): Promise<BrowserAnswer> {
    const { token, code } = await person.challenged(route, { tokenDelivery: 'cookie', ...extra });
    const answer = await this.post('/v1/auth/otp/verify', { challengeToken: token, code });
    if (answer.status !== 200) throw new Error(`verify: ${answer.status} ${answer.text}`);
    return answer;
  }
}
