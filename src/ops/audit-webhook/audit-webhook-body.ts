// The body that an endpoint gets for an event. The columns of the audit log contain no secret and no code. A phone number inside a text, such as
// the prefix that the spend guard has closed, is masked.
import type { AuditEntry } from '../../audit/audit-entry.types';

const number = /\+\d{3,}/g;

/** @returns always the same text for the same event */
export function webhookBody({ event: type, at, reason, meta, ...rest }: AuditEntry): string {
  const { id, outcome, userId, sessionId, ref, requestId, address, userAgentHash, amr, phoneHmac, phoneTail } = rest;
  const circumstances = { address, userAgentHash, amr, phoneHmac, phoneTail };
  const data = { id, outcome, userId, sessionId, ref, requestId, ...circumstances, reason, meta };
  const body = { type, timestamp: at.toISOString(), data };
  return JSON.stringify(body, (_, value: unknown) =>
    typeof value === 'string' ? value.replace(number, shortened) : value,
  );
}

function shortened(digits: string): string {
  return `${digits.slice(0, 3)}${'*'.repeat(digits.length - 3)}`;
}
