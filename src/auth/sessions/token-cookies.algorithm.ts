// The cookies that carry tokens of cookie mode (security.md 5.6, A46). `__Host-` makes browsers take them only from this very
// host, over TLS and for all paths, so that no neighbour can plant one; no page can read them, and none of another site sends them.
import { parseCookie, stringifySetCookie } from 'cookie';

const REFRESH = '__Host-rt';
const DEVICE = '__Host-td';
const ATTRIBUTES = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const;

/** @param header Cookie, as it came. @returns undefined when it is not among them, or empty */
export function readRefreshCookie(header: string | undefined): string | undefined {
  return read(REFRESH, header);
}

/** @returns a value of Set-Cookie. @param maxAgeSeconds until the session ends without a further refresh */
export function refreshCookie(refreshToken: string, maxAgeSeconds: number): string {
  return stringifySetCookie({ name: REFRESH, value: refreshToken, maxAge: maxAgeSeconds, ...ATTRIBUTES });
}

/** @returns a value of Set-Cookie that makes the browser forget it */
export function expiredRefreshCookie(): string {
  return stringifySetCookie({ name: REFRESH, value: '', maxAge: 0, ...ATTRIBUTES });
}

/** @param header Cookie, as it came. @returns undefined when it is not among them, or empty */
export function readDeviceCookie(header: string | undefined): string | undefined {
  return read(DEVICE, header);
}

/** @returns a value of Set-Cookie. @param maxAgeSeconds until the device is trusted no more */
export function deviceCookie(deviceToken: string, maxAgeSeconds: number): string {
  return stringifySetCookie({ name: DEVICE, value: deviceToken, maxAge: maxAgeSeconds, ...ATTRIBUTES });
}

/** @returns a value of Set-Cookie that makes the browser forget it */
export function expiredDeviceCookie(): string {
  return stringifySetCookie({ name: DEVICE, value: '', maxAge: 0, ...ATTRIBUTES });
}

function read(name: string, header: string | undefined): string | undefined {
  const value = header === undefined ? undefined : parseCookie(header)[name];
  return value === '' ? undefined : value;
}
