// Which facts of an operator's act the audit log keeps: pure. The reason is the only text written by people in that log, so it has one line and
// bounded length (A86).
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { codePoints } from '../../platform/text/code-points';
import type { ActFacts, OperatorAct } from './accounts.types';

const REASON_MAX = 500;
const OPERATOR_MAX = 100;

const line = /^[^\p{Cc}\p{Cs}\u2028\u2029]+$/u;

/** @throws AppError validation_failed */
export function actFacts({ by, reason, operator = null }: OperatorAct): ActFacts {
  const errors = [fault('/reason', reason, REASON_MAX), fault('/operator', operator, OPERATOR_MAX)].flat();
  if (errors.length > 0) throw new AppError(platformErrors.validation_failed, { errors });
  return { by, ...(reason !== null && { reason }), ...(operator !== null && { operator }) };
}

function fault(pointer: string, text: string | null, max: number) {
  if (text === null || (text.trim() !== '' && codePoints(text) <= max && line.test(text))) return [];
  return [{ pointer, code: 'invalid' }];
}
