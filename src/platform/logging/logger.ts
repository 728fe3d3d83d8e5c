// Log lines: JSON, one per event, on stdout, with the ids of request and trace if there are any. Every line is redacted, by key before it is
// written and by shape afterwards, so that a careless message cannot leak a number, a code or a token.
import { type DestinationStream, type Logger, pino } from 'pino';
import { currentRequestId } from '../request/request-context';
import { currentTraceId } from '../tracing/tracer';
import { redactKeys, redactShapes } from './redaction';

/** @param destination where lines go instead of stdout, for tests */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      ...ours(level),
      formatters: { ...formatters, log: (object) => redactKeys(object) },
      // Redaction has already serialized errors; pino's own serializer would do it again.
      serializers: { err: (serialized: unknown) => serialized },
      mixin: idsOfContext,
      hooks: { streamWrite: redactShapes },
    },
    destination ?? stdout(),
  );
}

/**
 * For the one line that each request leaves. Its values are our own constants, of closed sets, or checked. Searching them for secrets would cost
 * more than the rest of the line. Everything else goes through createLogger.
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
