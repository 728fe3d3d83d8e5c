// Log lines: JSON, one per event, on stdout; inside a request each carries its id. Everything passes redaction, by key
// before it is written and by shape after, so that a careless message cannot leak a number, a code or a token.
import { type DestinationStream, type Logger, pino } from 'pino';
import { currentRequestId } from '../request/request-context';
import { redactKeys, redactShapes } from './redaction';

/** @param destination where lines go instead of stdout; tests read it */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (object) => redactKeys(object) },
      // Redaction has serialized errors already; pino's own serializer would look at them again.
      serializers: { err: (serialized: unknown) => serialized },
      mixin: requestIdOfContext,
      hooks: { streamWrite: redactShapes },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}

function requestIdOfContext(): { requestId?: string } {
  const requestId = currentRequestId();
  return requestId === undefined ? {} : { requestId };
}
