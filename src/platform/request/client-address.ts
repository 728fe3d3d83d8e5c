// The client's address in one spelling, and the key under which its requests are counted (cases A79, A80).
// Reads what the HTTP server has found out from the socket and our own proxies, and no headers. Never throws.
import { isIPv4 } from 'node:net';
import * as ipaddr from 'ipaddr.js';

const UNKNOWN = 'unknown';
/** One household or server has a whole /64, so counting single IPv6 addresses would stop nobody. */
const IPV6_GROUP_BYTES = 8;

/** IPv4 as it is, IPv4-mapped IPv6 as IPv4, IPv6 in its shortest form without zone; anything else is "unknown". */
export function clientAddress(ip: string | undefined): string {
  if (ip === undefined || ip === '') return UNKNOWN;
  // The most frequent spelling needs no parser.
  if (isIPv4(ip)) return ip;
  const withoutZone = ip.split('%', 1)[0] ?? '';
  return ipaddr.isValid(withoutZone) ? ipaddr.process(withoutZone).toString() : UNKNOWN;
}

/** The key of an address: IPv4 as it is, IPv6 its /64. All texts that are no address share one key. */
export function addressKey(ip: string | undefined): string {
  const address = clientAddress(ip);
  if (!address.includes(':')) return address;
  const bytes = ipaddr.parse(address).toByteArray();
  const network = bytes.map((byte, index) => (index < IPV6_GROUP_BYTES ? byte : 0));
  return `${ipaddr.fromByteArray(network).toString()}/64`;
}
