// Log lines: JSON, one per event, on stdout; inside a request each carries its id, and that of its trace. Everything passes redaction, by key
// before it is written and by shape after, so that a careless message cannot leak a number, a code or a token.
import { type DestinationStream, type Logger, pino } from 'pino';
import { currentRequestId } from '../request/request-context';
import { currentTraceId } from '../tracing/tracer';
import { redactKeys, redactShapes } from './redaction';

/** @param destination where lines go instead of stdout; tests read it */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      ...ours(level),
      formatters: { ...formatters, log: (object) => redactKeys(object) },
      // Redaction has serialized errors already; pino's own serializer would look at them again.
      serializers: { err: (serialized: unknown) => serialized },
      mixin: idsOfContext,
      hooks: { streamWrite: redactShapes },
    },
    destination ?? stdout(),
  );
}

/**
 * For the line that every request leaves, whose values are ours, of closed sets or checked: looking for secrets in them would cost more than
 * the rest of the line. Everything else goes through createLogger.
 */
export function createRequestLogger(level: string, destination?: DestinationStream): Logger {
  return pino({ ...ours(level), formatters }, destination ?? stdout());
}

const formatters = { level: (label: string) => ({ level: label }) };

function ours(level: string) {
  return { level, base: null, messageKey: 'message', timestamp: pino.stdTimeFunctions.isoTime };
}

function stdout(): DestinationStream {
  return pino.destination({ dest: 1, sync: true });
}

function idsOfContext(): { requestId?: string; traceId?: string } {
  const [requestId, traceId] = [currentRequestId(), currentTraceId()];
  return { ...(requestId !== undefined && { requestId }), ...(traceId !== undefined && { traceId }) };
}
