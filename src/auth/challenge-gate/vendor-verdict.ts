// What a vendor's answer about a token means. We record a good token as used as well, so that it passes once even if the vendor errs.
import type { TokenAnswer } from './siteverify.service';
import { after } from '../../platform/time/seconds';
import type { GateKind, Verdict } from './gate.types';

/** How long we keep it: longer than either vendor accepts a token (Turnstile 300 s, hCaptcha 120 s). */
const TOKEN_SECONDS = 600;

export function verdictOf(told: TokenAnswer, kind: GateKind, token: string, now: Date): Verdict {
  if (told.answer === 'none') return { outcome: 'unavailable', reason: `${kind}: ${told.reason}` };
  if (told.answer !== 'good') {
    return { outcome: 'refused', fault: told.answer === 'expired' ? 'expired' : 'invalid' };
  }
  return { outcome: 'passed', once: `${kind}.${token}`, until: after(now, TOKEN_SECONDS) };
}
