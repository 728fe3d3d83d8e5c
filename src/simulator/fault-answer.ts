// The answers of faults that stand in for a vendor's: words of no vendor, so that no client can lean on them.
import { STATUS_CODES } from 'node:http';
import type { DialectAnswer } from '../sms/contract/dialect';
import type { Fault } from './faults';

const page = '<!doctype html><html><body><h1>It works!</h1></body></html>';

/** @returns undefined when the vendor itself answers */
export function answerInsteadOfVendor(fault: Fault): DialectAnswer | undefined {
  if (fault.kind === 'garbage') {
    return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page };
  }
  return fault.kind === 'status' ? answerWithStatus(fault.status ?? 500) : undefined;
}

function answerWithStatus(status: number): DialectAnswer {
  if (status === 204 || status === 304) return { status };
  const body = { error: { code: status, message: STATUS_CODES[status] ?? 'Error' } };
  // A redirect leads to the page: a client that follows it meets HTML where it expects an answer.
  return status >= 300 && status < 400 ? { status, headers: { location: '/' }, body } : { status, body };
}
