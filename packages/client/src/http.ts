// One request to Latchkey: JSON out, JSON or a LatchkeyError back, within its time. Nothing is retried here.
import { badAnswer, errorFrom, LatchkeyError } from './errors.ts';

export interface HttpOptions {
  /** Origin of Latchkey, without a slash at its end. */
  readonly url: string;
  readonly fetch: typeof fetch;
  /** Whether the browser may send and take cookies: in cookie mode only. */
  readonly withCookies: boolean;
  /** In milliseconds. */
  readonly timeoutMs: number;
}

export interface HttpRequest {
  readonly body?: unknown;
  readonly accessToken?: string | undefined;
  /** When it is less than that of the options, in milliseconds. */
  readonly timeoutMs?: number;
}

export class Http {
  constructor(private readonly options: HttpOptions) {}

  /** @returns the JSON object of the answer; undefined for a 204, which has none. @throws LatchkeyError */
  async send<Answer>(method: string, path: string, request: HttpRequest = {}): Promise<Answer> {
    const { body, accessToken } = request;
    const timeoutMs = Math.min(request.timeoutMs ?? Infinity, this.options.timeoutMs);
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(), timeoutMs);
    const init: RequestInit = {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
      },
      credentials: this.options.withCookies ? 'include' : 'omit',
      redirect: 'error',
      signal: ending.signal,
    };
    if (body !== undefined) init.body = JSON.stringify(body);
    try {
      const response = await this.options.fetch(`${this.options.url}${path}`, init);
      return answered<Answer>(response.status, await response.text());
    } catch (error) {
      if (error instanceof LatchkeyError) throw error;
      const [code, text] = ending.signal.aborted
        ? (['timeout', `no answer within ${timeoutMs} ms`] as const)
        : (['network', 'no answer'] as const);
      throw new LatchkeyError(code, text, { status: 0 }, error);
    } finally {
      clearTimeout(timer);
    }
  }
}

function answered<Answer>(status: number, text: string): Answer {
  const body = parsed(text);
  if (status < 200 || status > 299) throw errorFrom(status, body);
  if (status === 204) return undefined as Answer;
  if (typeof body !== 'object' || body === null) throw badAnswer('the answer is no JSON object', status);
  return body as Answer;
}

/** Where success is a 204: a page of a proxy must not be taken for it. @throws LatchkeyError bad_answer */
export function demandNothing(answer: unknown): void {
  if (answer !== undefined) throw badAnswer('there is a body where none belongs', 200);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
