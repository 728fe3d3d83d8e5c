// A plain HTTP client: status, headers and parsed body, whatever the status. Nothing is retried.
import { demandDescribed } from './described';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Name the body's type where the test reads members: `api.post<ChallengeBody>(...)`. */
export interface ApiAnswer<Body = JsonObject> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, the text when it is not JSON, undefined when empty. */
  readonly body: Body;
  readonly text: string;
}

export interface ChallengeBody {
  readonly challengeToken: string;
  readonly purpose: string;
  readonly channel: string;
  readonly destination: string;
  readonly methods: readonly string[];
  readonly channels: readonly string[];
  readonly codeLength: number | null;
  readonly expiresAt: string;
  readonly resendAfter: number | null;
  readonly attemptsLeft: number;
}

export interface TokensBody {
  readonly tokenType: string;
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly refreshToken?: string;
  readonly trustedDeviceToken?: string;
  readonly user: JsonObject;
}

/** RFC 9457, as design D14 has it. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  readonly attemptsLeft?: number;
  readonly retryAfter?: number;
  readonly errors?: readonly { readonly pointer: string; readonly code: string }[];
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** An access token, sent as bearer. */
  readonly token?: string;
  /** Sent as it is, in place of a JSON body. */
  readonly rawBody?: string;
  readonly signal?: AbortSignal;
}

export class ApiClient {
  /** @param url origin of the instance */
  constructor(readonly url: string) {}

  get<Body = JsonObject>(path: string, options: RequestOptions = {}): Promise<ApiAnswer<Body>> {
    return this.request<Body>('GET', path, undefined, options);
  }

  post<Body = JsonObject>(path: string, body?: unknown, options: RequestOptions = {}): Promise<ApiAnswer<Body>> {
    return this.request<Body>('POST', path, body, options);
  }

  async request<Body = JsonObject>(
    method: string,
    path: string,
    body?: unknown,
    options: RequestOptions = {},
  ): Promise<ApiAnswer<Body>> {
    const payload = options.rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
    const headers = {
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...options.headers,
    };
    const init: RequestInit = { method, headers, redirect: 'manual' };
    if (payload !== undefined) init.body = payload;
    if (options.signal !== undefined) init.signal = options.signal;
    const response = await fetch(`${this.url}${path}`, init);
    const text = await response.text();
    demandDescribed({
      ...{ method, path, sent: options.rawBody === undefined ? body : parsed(options.rawBody) },
      ...{ status: response.status, contentType: response.headers.get('content-type') ?? '', received: parsed(text) },
    });
    return { status: response.status, headers: response.headers, text, body: parsed(text) as Body };
  }
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
