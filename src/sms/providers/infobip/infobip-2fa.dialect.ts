// Infobip 2FA as the simulator speaks it, from Infobip's OpenAPI 3.210.0, not from our client. It holds one application
// and one message template: those of the configured ids.
import type { Dialect, DialectAnswer, DialectContext, DialectRequest } from '../../contract/dialect';
import type { Channel } from '../../contract/provider';
import { parseObject } from '../../contract/vendor-answer';
import { developmentKeys } from './infobip-2fa.keys';
import { type ApplicationSettings, type InfobipPin, InfobipPins } from './dialect/memory.dialect';

/** What our README tells the operator to set; the vendor's own defaults are in its quirks. */
const recommended: ApplicationSettings = {
  pinAttempts: 10,
  allowMultiplePinVerifications: false,
  pinTimeToLiveSeconds: 15 * 60,
  verifyPinLimit: { count: 10, seconds: 3 },
  sendPinPerPhoneNumberLimit: { count: 1000, seconds: 86_400 },
};

export const dialect: Dialect = infobip2faDialect(recommended);

export function infobip2faDialect(settings: ApplicationSettings): Dialect {
  return {
    provider: 'infobip-2fa',
    developmentKeys,
    routes: (context) => {
      const pins = new InfobipPins(context, settings);
      const route = (path: string, answer: (request: DialectRequest) => DialectAnswer) => ({
        method: 'POST' as const,
        path,
        answer: (request: DialectRequest) => refusedCaller(request, context) ?? answer(request),
      });
      return [
        route('/2fa/2/pin', (request) => start(request, 'sms', context, pins)),
        route('/2fa/2/pin/voice', (request) => start(request, 'voice', context, pins)),
        route('/2fa/2/pin/:pinId/resend', (request) => resend(request, 'sms', context, pins)),
        route('/2fa/2/pin/:pinId/resend/voice', (request) => resend(request, 'voice', context, pins)),
        route('/2fa/2/pin/:pinId/verify', (request) => verify(request, pins)),
      ];
    },
  };
}

function refusedCaller(request: DialectRequest, context: DialectContext): DialectAnswer | undefined {
  const key = context.credentials['INFOBIP_API_KEY'] ?? '';
  if (request.headers['authorization'] !== `App ${key}`) return refuse(401, 'UNAUTHORIZED', 'Unauthorized');
  return undefined;
}

function start(request: DialectRequest, channel: Channel, context: DialectContext, pins: InfobipPins): DialectAnswer {
  const body = parseObject(request.rawBody);
  if (body === undefined) return refuse(400, 'BAD_REQUEST', 'Bad request');
  const missing = ['applicationId', 'messageId', 'to'].filter((field) => typeof body[field] !== 'string');
  if (missing.length > 0) return invalid(missing, 'must not be null');
  const to = String(body['to']).replace(/^\+/, '');
  if (!/^[1-9]\d{6,14}$/.test(to)) return invalid(['to'], 'must be a valid phone number');
  const known =
    body['applicationId'] === context.credentials['INFOBIP_2FA_APP_ID'] &&
    body['messageId'] === context.credentials['INFOBIP_2FA_MSG_ID'];
  if (!known) return refuse(404, 'NOT_FOUND', 'Not found');
  if (!pins.maySend(to)) return tooMany();
  return deliver(pins.start(to), channel, request, context);
}

function resend(request: DialectRequest, channel: Channel, context: DialectContext, pins: InfobipPins): DialectAnswer {
  const pin = pins.find(request.params['pinId'] ?? '');
  if (pin === undefined) return refuse(404, 'NOT_FOUND', 'Not found');
  if (!pins.maySend(pin.to)) return tooMany();
  return deliver(pin, channel, request, context);
}

function deliver(pin: InfobipPin, channel: Channel, request: DialectRequest, context: DialectContext): DialectAnswer {
  context.deliver({ to: `+${pin.to}`, text: `Your PIN is ${pin.code}`, code: pin.code, channel });
  if (channel === 'voice') return { status: 200, body: { pinId: pin.id, to: pin.to, callStatus: 'PENDING_ACCEPTED' } };
  const lookedUp = request.query['ncNeeded'] !== 'false';
  const ncStatus = lookedUp ? 'NC_DESTINATION_REACHABLE' : 'NC_NOT_CONFIGURED';
  return { status: 200, body: { pinId: pin.id, to: pin.to, ncStatus, smsStatus: 'MESSAGE_SENT' } };
}

function verify(request: DialectRequest, pins: InfobipPins): DialectAnswer {
  const pin = pins.find(request.params['pinId'] ?? '');
  const code = parseObject(request.rawBody)?.['pin'];
  if (typeof code !== 'string') return invalid(['pin'], 'must not be null');
  if (pin === undefined) return refuse(404, 'NOT_FOUND', 'Not found');
  if (!pins.mayVerify(pin)) return tooMany();
  const pinError = pins.verify(pin, code);
  const { id: pinId, to: msisdn, attemptsRemaining } = pin;
  const error = pinError === undefined ? {} : { pinError };
  return { status: 200, body: { pinId, msisdn, verified: pinError === undefined, attemptsRemaining, ...error } };
}

function invalid(fields: readonly string[], problem: string): DialectAnswer {
  const validationErrors = Object.fromEntries(fields.map((field) => [field, [problem]]));
  return refuse(400, 'BAD_REQUEST', 'Bad request', { validationErrors });
}

function tooMany(): DialectAnswer {
  return refuse(429, 'TOO_MANY_REQUESTS', 'Too many requests');
}

function refuse(status: number, messageId: string, text: string, more: object = {}): DialectAnswer {
  return { status, body: { requestError: { serviceException: { messageId, text, ...more } } } };
}
