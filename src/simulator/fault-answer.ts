// What is answered in place of a vendor while a fault is on. No real vendor uses these words, so a client that works with them does not depend on
// the words of a vendor.
import { STATUS_CODES } from 'node:http';
import type { DialectAnswer } from '../sms/contract/dialect';
import type { Fault } from './faults';

const page = '<!doctype html><html><body><h1>It works!</h1></body></html>';

/** @returns undefined for a fault with which the dialect of the vendor answers */
export function answerInsteadOfVendor(fault: Fault): DialectAnswer | undefined {
  if (fault.kind === 'garbage') {
    return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page };
  }
  return fault.kind === 'status' ? answerWithStatus(fault.status ?? 500) : undefined;
}

function answerWithStatus(status: number): DialectAnswer {
  if (status === 204 || status === 304) return { status };
  const body = { error: { code: status, message: STATUS_CODES[status] ?? 'Error' } };
  // A redirect leads to the page of the simulator. A client that follows it gets HTML where it expects an answer.
  return status >= 300 && status < 400 ? { status, headers: { location: '/' }, body } : { status, body };
}
