// Who may call the simulated Sinch: an Application signature over the request as received, or Basic.
// Computed apart from sinch.signature.ts, step by step from the vendor's text, so that both cannot share a slip.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { DialectRequest } from '../../../contract/dialect';

interface CallerProblem {
  readonly code: number;
  readonly message: string;
}

type Credentials = Readonly<Record<string, string | undefined>>;

export function callerProblem(request: DialectRequest, credentials: Credentials): CallerProblem | undefined {
  const header = request.headers['authorization'];
  if (header === undefined || header === '') return { code: 40104, message: 'Authorization required' };
  const keys = {
    key: credentials['SINCH_APPLICATION_KEY'] ?? '',
    secret: credentials['SINCH_APPLICATION_SECRET'] ?? '',
  };
  const [scheme = '', value = ''] = header.split(' ', 2);
  if (scheme.toLowerCase() === 'basic') return basicProblem(value, keys);
  if (scheme.toLowerCase() === 'application') return signatureProblem(value, request, keys);
  return { code: 40100, message: 'Invalid authorization header' };
}

interface Keys {
  readonly key: string;
  readonly secret: string;
}

function basicProblem(value: string, { key, secret }: Keys): CallerProblem | undefined {
  const expected = Buffer.from(`${key}:${secret}`).toString('base64');
  return same(value, expected) ? undefined : { code: 40107, message: 'Invalid authorization' };
}

function signatureProblem(value: string, request: DialectRequest, { key, secret }: Keys): CallerProblem | undefined {
  const [sentKey = '', sentSignature = ''] = value.split(':', 2);
  if (!same(sentKey, key)) return { code: 40107, message: 'Invalid authorization' };
  const timestamp = request.headers['x-timestamp'];
  if (timestamp === undefined || Number.isNaN(Date.parse(timestamp))) {
    return { code: 40101, message: 'X-Timestamp required' };
  }
  const expected = signatureOf(request, timestamp, secret);
  return same(sentSignature, expected) ? undefined : { code: 40102, message: 'Invalid signature' };
}

function signatureOf(request: DialectRequest, timestamp: string, secret: string): string {
  const md5 = createHash('md5');
  const contentMd5 = request.rawBody.length === 0 ? '' : md5.update(Buffer.from(request.rawBody)).digest('base64');
  const contentType = request.headers['content-type'] ?? '';
  const stringToSign = `${request.method}\n${contentMd5}\n${contentType}\nx-timestamp:${timestamp}\n${request.path}`;
  const hmac = createHmac('sha256', Buffer.from(secret, 'base64'));
  return hmac.update(Buffer.from(stringToSign, 'utf8')).digest('base64');
}

function same(sent: string, expected: string): boolean {
  const [a, b] = [Buffer.from(sent), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
