// An e-mail address in the one form that is kept, compared and written to: trimmed, lower case, the domain as DNS has it. What this
// refuses is refused everywhere: quotes, spaces, line ends and letters outside ASCII before the @ have no place in a header or an
// SMTP command, and two spellings of one mailbox must not be two login names.
import { domainToASCII } from 'node:url';

/** RFC 5321, 4.5.3.1: with the angle brackets 256. */
const LENGTH_MAX = 254;
const LOCAL_LENGTH_MAX = 64;
const local = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
/** As a person writes it; marks and letters of any script. */
const domain = /^[\p{L}\p{M}\p{N}.-]+$/u;
const asciiDomain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;

/** @returns undefined for what is no address that we write to */
export function canonicalEmail(text: string): string | undefined {
  if (!text.isWellFormed() || text.length > 2 * LENGTH_MAX) return undefined;
  const [before = '', after = '', ...rest] = text.trim().split('@');
  if (rest.length > 0 || before.length > LOCAL_LENGTH_MAX || !local.test(before)) return undefined;
  const address = `${before.toLowerCase()}@${hostOf(after)}`;
  return address.endsWith('@') || address.length > LENGTH_MAX ? undefined : address;
}

/** @returns the empty text for what is no domain name */
function hostOf(text: string): string {
  const host = domain.test(text) ? domainToASCII(text) : '';
  return asciiDomain.test(host) ? host : '';
}

/** "jane.doe@example.com" as "j*******@example.com". */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, 1)}${'*'.repeat(Math.max(0, at - 1))}${address.slice(at)}`;
}
