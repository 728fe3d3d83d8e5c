// Twilio Verify as the simulator speaks it, from Twilio's OpenAPI file and guides, not from our client. One service; a number
// has at most one pending verification, and starting again sends its code again.
import type { Dialect, DialectAnswer, DialectContext, DialectRequest } from '../../contract/dialect';
import { formOf, notFound, refuse, refusedCaller } from './dialect/account.dialect';
import { type TwilioVerification, TwilioVerifications } from './dialect/memory.dialect';
import { verifyDevelopmentKeys } from './twilio.keys';

const root = '/v2/Services/:serviceSid';
// www.twilio.com/docs/verify/supported-languages; a tag outside is answered with 404.
const languages =
  'af ar ca cs da de el en en-GB es fi fr he hi hr hu id it ja ko ms nb nl pl pt pt-BR ro ru sv th tl tr vi zh zh-CN zh-HK';

export const dialect: Dialect = {
  provider: 'twilio-verify',
  developmentKeys: verifyDevelopmentKeys,
  routes: (context) => {
    const memory = new TwilioVerifications(context);
    const route = (path: string, answer: (form: URLSearchParams, path: string) => DialectAnswer) => ({
      method: 'POST' as const,
      path: `${root}/${path}`,
      answer: (request: DialectRequest) =>
        refusedCaller(request, context.credentials) ??
        unknownService(request, context) ??
        answer(formOf(request), request.path),
    });
    return [
      route('Verifications', (form, path) => start(form, path, context, memory)),
      route('VerificationCheck', (form, path) => check(form, path, context, memory)),
    ];
  },
};

function unknownService({ params, path }: DialectRequest, { credentials }: DialectContext): DialectAnswer | undefined {
  return params['serviceSid'] === credentials['TWILIO_VERIFY_SERVICE_SID'] ? undefined : notFound(path);
}

function start(
  form: URLSearchParams,
  path: string,
  context: DialectContext,
  memory: TwilioVerifications,
): DialectAnswer {
  const to = form.get('To') ?? '';
  const channel = form.get('Channel');
  const locale = form.get('Locale');
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return refuse(400, 60200, `Invalid parameter \`To\`: ${to}`);
  if (channel !== 'sms' && channel !== 'call') return refuse(400, 60200, 'Invalid parameter: Channel');
  if (locale !== null && !languages.split(' ').includes(locale)) return notFound(path);
  const verification = memory.start(to, channel);
  if (verification === undefined) return refuse(429, 60203, 'Max send attempts reached');
  const { code } = verification;
  const text = `Your verification code is: ${code}`;
  context.deliver({ to, text, code, channel: channel === 'sms' ? 'sms' : 'voice' });
  const url = `https://verify.twilio.com${path}/${verification.sid}`;
  const attempts = verification.sends.map(({ at, by, sid }) => ({
    time: seconds(at),
    channel: by.toUpperCase(),
    attempt_sid: sid,
  }));
  const more = { lookup: {}, send_code_attempts: attempts, sna: null, url };
  return { status: 201, body: { ...bodyOf(verification, context), ...more } };
}

function check(
  form: URLSearchParams,
  path: string,
  context: DialectContext,
  memory: TwilioVerifications,
): DialectAnswer {
  const [sid, to, code] = [form.get('VerificationSid'), form.get('To'), form.get('Code')];
  if (sid === null && to === null) return refuse(400, 60200, 'Invalid parameter: To or VerificationSid is required');
  if (code === null || !/^[A-Za-z0-9]{4,10}$/.test(code)) return refuse(400, 60200, 'Invalid parameter: Code');
  const verification = sid === null ? memory.pendingOf(to ?? '') : memory.find(sid);
  if (verification === undefined) return notFound(path);
  if (!memory.check(verification, code)) return refuse(429, 60202, 'Max check attempts reached');
  return { status: 200, body: { ...bodyOf(verification, context), sna_attempts_error_codes: [] } };
}

function bodyOf({ sid, to, sends, status, createdAt }: TwilioVerification, { clock, credentials }: DialectContext) {
  return {
    sid,
    service_sid: credentials['TWILIO_VERIFY_SERVICE_SID'],
    account_sid: credentials['TWILIO_ACCOUNT_SID'],
    to,
    channel: sends.at(-1)?.by,
    status,
    valid: status === 'approved',
    amount: null,
    payee: null,
    date_created: seconds(createdAt),
    date_updated: seconds(clock.now()),
  };
}

/** ISO 8601 without fractions, as Twilio writes times here. */
function seconds(time: Date): string {
  return time.toISOString().replace(/\.\d{3}/, '');
}
