// Makes Nest's Logger write our log lines: `new Logger(X.name).warn({ event: '...' })` is one JSON line with its context.
// nestjs-pino is not used, because it keeps the first logger of a process for good: a second app would write to that of the first.
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
  /** @param onAlarm gets the name of every alarm, that is of each line with `event: 'alarm'`. Each is a metric as well (design section 2) */
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

  // Nest gives the context as last argument, and before it sometimes a stack.
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

/** Nest logs every module and route that it sets up: a page at each start, which nobody reads. */
function isFramework(context: unknown): boolean {
  return typeof context === 'string' && frameworkContexts.has(context);
}
