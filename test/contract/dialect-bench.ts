// One vendor's dialect on a bench: a clock that stands until it is moved, the vendor's own keys, a phone that keeps what arrives.
import { NodeRandom } from '../../src/platform/random/node-random';
import type { Dialect, DialectAnswer, DialectContext, MessageNews, PhoneMessage } from '../../src/sms/contract/dialect';
import { answerOf, startDialect, type TestServer } from './test-server';
import { FixedClock, generatedKeys } from './vendor-fixtures';

export interface Call {
  /** An object goes as JSON, a text as it is (forms, with a content type of its own). */
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export class DialectBench {
  readonly clock = new FixedClock(new Date('2026-07-16T12:00:00.000Z'));
  readonly credentials: Readonly<Record<string, string>>;
  /** Oldest first. */
  readonly phone: PhoneMessage[] = [];
  /** What would be told of each message, oldest first. */
  readonly news: MessageNews[] = [];
  /** Numbers that have told this vendor to stop. */
  readonly stopped = new Set<string>();
  readonly context: DialectContext;
  private readonly routes: ReturnType<Dialect['routes']>;

  constructor(
    dialect: Dialect,
    private readonly authorization: (credentials: Readonly<Record<string, string>>) => string,
    more: Readonly<Record<string, string>> = {},
  ) {
    this.credentials = generatedKeys(dialect.developmentKeys, more);
    const { clock, credentials } = this;
    this.context = {
      clock,
      credentials,
      random: new NodeRandom(),
      deliver: (message, news) => {
        this.phone.push(message);
        if (news !== undefined) this.news.push(news);
      },
      hasStopped: (phone) => this.stopped.has(phone),
    };
    this.routes = dialect.routes(this.context);
  }

  /** A request of the right customer, unless its headers say otherwise. */
  call(method: string, path: string, { body, headers = {} }: Call = {}): DialectAnswer {
    const authorization = this.authorization(this.credentials);
    return answerOf(this.routes, {
      method,
      path,
      headers: { authorization, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body),
    });
  }

  /** The code that arrived last. */
  get code(): string {
    return this.phone.at(-1)?.code ?? '';
  }

  /** As many digits as the last code, and not it. */
  get wrongCode(): string {
    return this.code.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
  }

  serve(): Promise<TestServer> {
    return startDialect(this.routes);
  }
}
