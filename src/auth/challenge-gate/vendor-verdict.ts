// What a vendor's answer about a token comes to. A good token is spent here as well as there: no second use hangs on the vendor alone.
import type { TokenAnswer } from './siteverify.service';
import { after } from '../../platform/time/seconds';
import type { GateKind, Verdict } from './gate.types';

/** Longer than either vendor takes a token for (Turnstile 300 s, hCaptcha 120 s). */
const TOKEN_SECONDS = 600;

export function verdictOf(told: TokenAnswer, kind: GateKind, token: string, now: Date): Verdict {
  if (told.answer === 'none') return { outcome: 'unavailable', reason: `${kind}: ${told.reason}` };
  if (told.answer !== 'good') {
    return { outcome: 'refused', fault: told.answer === 'expired' ? 'expired' : 'invalid' };
  }
  return { outcome: 'passed', once: `${kind}.${token}`, until: after(now, TOKEN_SECONDS) };
}
