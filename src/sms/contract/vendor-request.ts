// What adapters ask their vendors in the same way: JSON out, JSON back. What differs, such as keys, is the adapter's.
import type { OutboundAnswer, OutboundFailure, OutboundHttp } from '../../platform/http/outbound-http';

/** @param headers on top of those that say JSON: the vendor's own, its authorization for one */
export function postJson(
  http: OutboundHttp,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: object,
): Promise<OutboundAnswer | OutboundFailure> {
  return http.request({
    method: 'POST',
    url,
    headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
}
