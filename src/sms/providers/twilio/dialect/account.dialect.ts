// What all simulated Twilio products share: Basic credentials, form bodies, PascalCase in, `{code, message, more_info, status}` out.
import { timingSafeEqual } from 'node:crypto';
import type { DialectAnswer, DialectRequest } from '../../../contract/dialect';

type Credentials = Readonly<Record<string, string | undefined>>;

/** @returns the refusal of someone who is not this customer */
export function refusedCaller({ headers }: DialectRequest, credentials: Credentials): DialectAnswer | undefined {
  const [scheme = '', value = ''] = (headers['authorization'] ?? '').split(' ', 2);
  const expected = `${credentials['TWILIO_ACCOUNT_SID'] ?? ''}:${credentials['TWILIO_AUTH_TOKEN'] ?? ''}`;
  const [sent, known] = [Buffer.from(value, 'base64'), Buffer.from(expected)];
  const same = sent.length === known.length && timingSafeEqual(sent, known);
  return scheme.toLowerCase() === 'basic' && same ? undefined : refuse(401, 20003, 'Authenticate');
}

/** Twilio reads forms only: a body of another type has no parameters. */
export function formOf({ headers, rawBody }: DialectRequest): URLSearchParams {
  const isForm = (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  return new URLSearchParams(isForm ? rawBody : '');
}

export function notFound(path: string): DialectAnswer {
  return refuse(404, 20404, `The requested resource ${path} was not found`);
}

export function refuse(status: number, code: number, message: string): DialectAnswer {
  return { status, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } };
}
