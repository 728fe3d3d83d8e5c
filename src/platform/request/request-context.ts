// What services may know of the request they work for without getting it as a parameter, for audit rows and log lines.
// Outside of a request (jobs, start) everything is null.
import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { currentWork, type RequestFacts, within } from './current-work';

export function runInRequest(request: RequestFacts, work: () => void): void {
  within({ request }, work);
}

export function currentRequestId(): string | undefined {
  return currentWork().request?.requestId;
}

/** The audit log's mark of a browser: 32 hexadecimal digits that tell two browsers apart, without a text that a stranger wrote (security.md 5.10). */
export function currentUserAgentHash(): string | null {
  const { request } = currentWork();
  if (request === undefined || request.userAgent === null) return null;
  return hash('sha256', request.userAgent, 'hex').slice(0, 32);
}

const USER_AGENT_CAP = 256;

/** @returns at most 256 printable characters; null when none are left (case A86) */
export function cleanUserAgent(header: string | undefined): string | null {
  if (header === undefined) return null;
  const printable = header.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '').slice(0, USER_AGENT_CAP);
  return printable === '' ? null : printable.toWellFormed();
}

@Injectable()
export class RequestContext {
  get requestId(): string | null {
    return currentWork().request?.requestId ?? null;
  }

  get address(): string | null {
    return currentWork().request?.address ?? null;
  }

  get userAgent(): string | null {
    return currentWork().request?.userAgent ?? null;
  }
}
