// What all of the simulated Telnyx says alike: who may call, and how it refuses.
import type { DialectAnswer, DialectContext, DialectRequest } from '../../../contract/dialect';

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  /** JSON pointer to the field at fault. */
  readonly pointer?: string;
}

export function refuse({ status, code, title, pointer }: Refusal): DialectAnswer {
  const source = pointer === undefined ? {} : { source: { pointer } };
  const meta = { url: `https://developers.telnyx.com/docs/overview/errors/${code}` };
  return { status, body: { errors: [{ code, title, detail: title, ...source, meta }] } };
}

export function refusedCaller(request: DialectRequest, context: DialectContext): DialectAnswer | undefined {
  if (request.headers['authorization'] === `Bearer ${context.credentials['TELNYX_API_KEY'] ?? ''}`) return undefined;
  return refuse({ status: 401, code: '10009', title: 'Authentication failed' });
}

export function isJson(request: DialectRequest): boolean {
  return (request.headers['content-type'] ?? '').startsWith('application/json');
}
