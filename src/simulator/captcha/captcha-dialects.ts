// Plays the route siteverify of both vendors of widgets, by their documents of 2025-11:
// developers.cloudflare.com/turnstile/get-started/server-side-validation and docs.hcaptcha.com. Both vendors always answer 200, and say in the
// body whether the token was good.
import type { Dialect, DialectAnswer, DialectContext, DialectRequest } from '../../sms/contract/dialect';
import type { CaptchaToken, CaptchaTokens } from './captcha-tokens';

const TURNSTILE_SECONDS = 300;
const TURNSTILE_LENGTH_MAX = 2048;
const HCAPTCHA_SECONDS = 120;

export function captchaDialects(tokens: CaptchaTokens): readonly Dialect[] {
  return [
    dialect('turnstile', '/turnstile/v0/siteverify', (request, { credentials }) => {
      const { secret, response } = fieldsOf(request, ['application/x-www-form-urlencoded', 'application/json']);
      const wrong = problemOf({ secret, response, known: credentials['TURNSTILE_SECRET_KEY'] });
      if (wrong !== undefined) return refused(wrong);
      const token = response === undefined ? undefined : tokens.find('turnstile', response);
      if (token === undefined || (response?.length ?? 0) > TURNSTILE_LENGTH_MAX)
        return refused('invalid-input-response');
      if (token.spent || tokens.ageSeconds(token) > TURNSTILE_SECONDS) return refused('timeout-or-duplicate');
      return accepted(token, { action: '', cdata: '' });
    }),
    dialect('hcaptcha', '/siteverify', (request, { credentials }) => {
      const { secret, response, sitekey } = fieldsOf(request, ['application/x-www-form-urlencoded']);
      const wrong = problemOf({ secret, response, known: credentials['HCAPTCHA_SECRET_KEY'] });
      if (wrong !== undefined) return refused(wrong);
      const expected = credentials['HCAPTCHA_SITE_KEY'];
      if (sitekey !== undefined && sitekey !== expected) return refused('sitekey-secret-mismatch');
      const token = response === undefined ? undefined : tokens.find('hcaptcha', response);
      if (token === undefined) return refused('invalid-input-response');
      if (token.spent) return refused('already-seen-response');
      if (tokens.ageSeconds(token) > HCAPTCHA_SECONDS) return refused('expired-input-response');
      return accepted(token, { credit: false });
    }),
  ];
}

function dialect(
  provider: string,
  path: string,
  answer: (request: DialectRequest, context: DialectContext) => DialectAnswer,
): Dialect {
  const routes: Dialect['routes'] = (context) => [
    { method: 'POST', path, answer: (request) => answer(request, context) },
  ];
  return { provider, developmentKeys: {}, routes };
}

interface Asked {
  readonly secret: string | undefined;
  readonly response: string | undefined;
  /** The secret key that the vendor knows of the app. */
  readonly known: string | undefined;
}

function problemOf({ secret, response, known }: Asked): string | undefined {
  if (!secret) return 'missing-input-secret';
  if (secret !== known) return 'invalid-input-secret';
  return response ? undefined : 'missing-input-response';
}

/** @returns no fields for a content type that the vendor does not accept */
function fieldsOf(
  { headers, rawBody }: DialectRequest,
  taken: readonly string[],
): Readonly<Record<string, string | undefined>> {
  const type = headers['content-type']?.split(';')[0]?.trim() ?? '';
  if (!taken.includes(type)) return {};
  if (type !== 'application/json') return Object.fromEntries(new URLSearchParams(rawBody));
  try {
    return JSON.parse(rawBody) as Record<string, string>;
  } catch {
    return {};
  }
}

function refused(code: string): DialectAnswer {
  return { status: 200, body: { success: false, 'error-codes': [code] } };
}

function accepted(token: CaptchaToken, more: object): DialectAnswer {
  token.spent = true;
  const challenge = { challenge_ts: token.madeAt.toISOString(), hostname: 'localhost' };
  return { status: 200, body: { success: true, 'error-codes': [], ...challenge, ...more } };
}
