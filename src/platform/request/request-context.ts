// What services may know of the request they work for, without being handed it: for audit rows and log lines.
// Outside a request (jobs, start) everything is null. All values are safe to store: bounded, without control characters.
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';

interface RequestFacts {
  readonly requestId: string;
  /** The client's address as our proxies vouch for it, IPv4-mapped IPv6 written as IPv4. */
  readonly address: string;
  readonly userAgent: string | null;
}

const facts = new AsyncLocalStorage<RequestFacts>();

export function runInRequest(current: RequestFacts, work: () => void): void {
  facts.run(current, work);
}

export function currentRequestId(): string | undefined {
  return facts.getStore()?.requestId;
}

const hashes = new WeakMap<RequestFacts, string>();

/** What the audit log keeps of the browser (security.md 5.10): tells two apart, and is no text of a stranger's. 32 hexadecimal digits. */
export function currentUserAgentHash(): string | null {
  const request = facts.getStore();
  if (request === undefined || request.userAgent === null) return null;
  const known = hashes.get(request) ?? createHash('sha256').update(request.userAgent).digest('hex').slice(0, 32);
  hashes.set(request, known);
  return known;
}

const USER_AGENT_CAP = 256;

/** @returns at most 256 characters, printable; null when there is nothing left (case A86). */
export function cleanUserAgent(header: string | undefined): string | null {
  if (header === undefined) return null;
  const printable = header.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '').slice(0, USER_AGENT_CAP);
  return printable === '' ? null : printable.toWellFormed();
}

@Injectable()
export class RequestContext {
  get requestId(): string | null {
    return facts.getStore()?.requestId ?? null;
  }

  get address(): string | null {
    return facts.getStore()?.address ?? null;
  }

  get userAgent(): string | null {
    return facts.getStore()?.userAgent ?? null;
  }
}
