// An e-mail address in the one form in which it is stored, compared and written to: trimmed, lower case, the domain as DNS has it. Quotes,
// spaces, line ends and non-ASCII letters before the @ are refused everywhere: they have no place in a header or an SMTP command, and two
// spellings of one mailbox must not be two login names.
import { domainToASCII } from 'node:url';

/** RFC 5321, 4.5.3.1: 256 with the angle brackets. */
const LENGTH_MAX = 254;
const LOCAL_LENGTH_MAX = 64;
const local = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
/** A domain as a person writes it: letters, marks and digits of any script. */
const domain = /^[\p{L}\p{M}\p{N}.-]+$/u;
const asciiDomain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;

/** @returns undefined for a text that is no address we would write to */
export function canonicalEmail(text: string): string | undefined {
  if (!text.isWellFormed() || text.length > 2 * LENGTH_MAX) return undefined;
  const [before = '', after = '', ...rest] = text.trim().split('@');
  if (rest.length > 0 || before.length > LOCAL_LENGTH_MAX || !local.test(before)) return undefined;
  const address = `${before.toLowerCase()}@${hostOf(after)}`;
  return address.endsWith('@') || address.length > LENGTH_MAX ? undefined : address;
}

/** @returns the empty text for a text that is no domain name */
function hostOf(text: string): string {
  const host = domain.test(text) ? domainToASCII(text) : '';
  return asciiDomain.test(host) ? host : '';
}

/** "jane.doe@example.com" as "j*******@example.com". */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, 1)}${'*'.repeat(Math.max(0, at - 1))}${address.slice(at)}`;
}
