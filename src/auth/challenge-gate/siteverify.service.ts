// Asks a vendor whether a token is good; both vendors answer alike. Sent as a form, answered within 3 s, 20 at a time, never repeated. An answer that
// is not clear counts as none: a fault of the vendor, of the connection or of our keys. No token that a stranger makes up can cause one.
import { Injectable } from '@nestjs/common';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { OutboundHttp } from '../../platform/http/outbound-http';

export type TokenAnswer =
  { readonly answer: 'good' | 'bad' | 'expired' } | { readonly answer: 'none'; readonly reason: string };

const BUDGET_MILLISECONDS = 3000;
const MAX_UNDER_WAY = 20;
/** Codes of faults that are ours or the vendor's, whatever the token. */
const oursOrTheirs: readonly string[] = ['missing-input-secret', 'invalid-input-secret', 'internal-error'];
const expiredCodes: readonly string[] = ['timeout-or-duplicate', 'expired-input-response'];

@Injectable()
export class Siteverify {
  private underWay = 0;

  constructor(private readonly http: OutboundHttp) {}

  /**
   * @param url of the vendor's siteverify @param fields secret and response, and what this vendor takes besides
   * @throws AppError overloaded while 20 calls are running: a flood must not count as an outage of the vendor
   */
  async ask(url: string, fields: Readonly<Record<string, string>>): Promise<TokenAnswer> {
    if (this.underWay >= MAX_UNDER_WAY) {
      throw new AppError(platformErrors.overloaded, { reason: 'questions to the gate vendor', retryAfterSeconds: 1 });
    }
    this.underWay += 1;
    try {
      const answer = await this.http.request({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: new URLSearchParams(fields).toString(),
        signal: AbortSignal.timeout(BUDGET_MILLISECONDS),
      });
      if (!answer.ok) return { answer: 'none', reason: answer.kind };
      return readVerdict(answer.text) ?? { answer: 'none', reason: `answered ${answer.status}` };
    } finally {
      this.underWay -= 1;
    }
  }
}

/** @returns undefined for a text that is not the vendor's JSON, such as a page of a proxy */
export function readVerdict(text: string): TokenAnswer | undefined {
  const body = parsed(text);
  if (body === undefined || typeof body['success'] !== 'boolean') return undefined;
  if (body['success']) return { answer: 'good' };
  const told: unknown = body['error-codes'];
  const codes = Array.isArray(told) ? told.filter((code) => typeof code === 'string') : [];
  const reason = codes.find((code) => oursOrTheirs.includes(code));
  if (reason !== undefined) return { answer: 'none', reason };
  return { answer: codes.some((code) => expiredCodes.includes(code)) ? 'expired' : 'bad' };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
