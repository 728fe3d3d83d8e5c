// What a caller is told: the status, the challenge of RFC 6750 section 3 and RFC 9470 section 3, and a problem document
// (RFC 9457) of the same shape as Latchkey's own. Texts are constant per code; nothing of the request is echoed.
import { LatchkeyVerifyError, type Requirements, type VerifyErrorCode } from './verify-error';

export interface Refusal {
  readonly status: 401 | 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: {
    readonly type: string;
    readonly title: string;
    readonly status: number;
    readonly detail: string;
    readonly code: VerifyErrorCode;
  };
}

const RETRY_SECONDS = 5;
const texts: Readonly<Record<VerifyErrorCode, readonly [title: string, detail: string]>> = {
  token_missing: ['An access token is needed', 'Send it in the header Authorization.'],
  token_invalid: ['The access token is not valid', 'Sign in again to get a new one.'],
  token_expired: ['The access token has expired', 'Renew it.'],
  authentication_insufficient: ['A fresher or stronger sign-in is needed', 'Sign in again, or step up.'],
  issuer_unavailable: ['Access tokens cannot be checked now', 'Try again after the time in Retry-After.'],
};

export function refusalOf(error: LatchkeyVerifyError): Refusal {
  const { code } = error;
  const status = code === 'issuer_unavailable' ? 503 : 401;
  const [title, detail] = texts[code];
  return {
    status,
    headers: {
      ...(status === 503 ? { 'retry-after': String(RETRY_SECONDS) } : { 'www-authenticate': challengeOf(error) }),
      'cache-control': 'no-store',
      'content-type': 'application/problem+json; charset=utf-8',
    },
    body: { type: `urn:latchkey:problem:${code}`, title, status, detail, code },
  };
}

function challengeOf({ code, unmet }: LatchkeyVerifyError): string {
  if (code === 'token_missing') return 'Bearer';
  const told =
    code === 'authentication_insufficient'
      ? { error: 'insufficient_user_authentication', error_description: texts[code][0], ...asked(unmet ?? {}) }
      : { error: 'invalid_token', error_description: texts[code][0] };
  const parameters = Object.entries(told).map(([name, value]) => `${name}="${value.replace(/["\\]/g, '\\$&')}"`);
  return `Bearer ${parameters.join(', ')}`;
}

function asked({ maxAuthAgeSeconds, requireAcr }: Requirements): Record<string, string> {
  const acrs = requireAcr === undefined ? [] : [requireAcr].flat();
  return {
    ...(acrs.length === 0 ? {} : { acr_values: acrs.join(' ') }),
    ...(maxAuthAgeSeconds === undefined ? {} : { max_age: String(maxAuthAgeSeconds) }),
  };
}
