import type { Dialect, DialectAnswer, DialectContext, DialectRequest } from '../../../../src/sms/contract/dialect';
import { codeIn } from '../../../../src/sms/contract/phone-text.dialect';
import { parseObject } from '../../../../src/sms/contract/vendor-answer';
import { developmentKeys } from './carrier-pigeon.keys';

export const dialect: Dialect = {
  provider: 'carrier-pigeon',
  developmentKeys,
  routes: (context) => [{ method: 'POST', path: '/pigeons', answer: (request) => fly(request, context) }],
};

function fly({ headers, rawBody }: DialectRequest, context: DialectContext): DialectAnswer {
  if (headers['x-ring'] !== context.credentials['PIGEON_RING']) return { status: 401, body: { refused: 'wrong_ring' } };
  const { to, text } = parseObject(rawBody) ?? {};
  if (!/^\+[1-9]\d{6,14}$/.test(String(to))) return { status: 400, body: { refused: 'no_such_number' } };
  context.deliver({ to: String(to), text: String(text), code: codeIn(String(text)), channel: 'sms' });
  return { status: 200, body: { pigeon: context.random.uuid() } };
}
