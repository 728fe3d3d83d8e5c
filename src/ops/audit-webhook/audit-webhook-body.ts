// What an endpoint gets of an event. The columns have no secret and no code in them. A phone number in a text of ours, such as a prefix of the
// spend guard, is masked.
import type { AuditEntry } from '../../audit/audit-entry.types';

const number = /\+\d{3,}/g;

/** @returns the same text for the same event, however often */
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
