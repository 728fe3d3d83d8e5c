// Nest's Logger on our log lines: `new Logger(X.name).warn({ event: '...' })` is one JSON line with its context.
// Not nestjs-pino's: that one keeps the first logger of a process for good, so a second app would write to the first's.
import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

const frameworkContexts = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

export class NestLogger implements LoggerService {
  /** @param onAlarm told the name of every alarm: a line with `event: 'alarm'`, of which each is also one metric (design section 2) */
  constructor(
    private readonly logger: Logger,
    private readonly onAlarm: (name: string) => void = () => undefined,
  ) {}

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write(isFramework(rest.at(-1)) ? 'debug' : 'info', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  // Nest appends the context as the last argument; before it may stand a stack.
  private write(level: Level, message: unknown, rest: unknown[]): void {
    const context = rest.at(-1);
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined;
    const line = { ...(context === undefined ? {} : { context }), ...(stack === undefined ? {} : { stack }) };
    if (message instanceof Error) this.logger[level]({ ...line, err: message });
    else if (typeof message === 'object' && message !== null) {
      this.logger[level]({ ...line, ...message });
      const { event, name } = message as { readonly event?: unknown; readonly name?: unknown };
      if (event === 'alarm' && typeof name === 'string') this.onAlarm(name);
    } else this.logger[level](line, String(message));
  }
}

/** Nest tells of every module and route it sets up: a page per start that nobody reads. */
function isFramework(context: unknown): boolean {
  return typeof context === 'string' && frameworkContexts.has(context);
}
