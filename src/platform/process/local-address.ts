import type { AddressInfo } from 'node:net';

/** The URL under which this machine reaches a listening server; a wildcard address is reached over loopback. */
export function localAddress({ address, family, port }: AddressInfo): string {
  const v6 = family === 'IPv6';
  if (address === '0.0.0.0' || address === '::') return `http://127.0.0.1:${port}`;
  return `http://${v6 ? `[${address}]` : address}:${port}`;
}
