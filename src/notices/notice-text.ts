// What a notice says (security.md 5.3): one GSM-7 segment, no link and no code, so that it is not worth imitating; only
// configured constants are inserted, never input (A24, A63).
import type { NoticeName } from './notices.types';

/** @param appName at most 20 characters (APP_NAME) */
export function noticeText(name: NoticeName, appName: string): string {
  switch (name) {
    case 'session_reused':
      return `A ${appName} session was ended: an old key of it was used. Not you? Open ${appName} and change your password.`;
    case 'session_surplus':
      return `You signed in to ${appName} on an 11th device, so the one unused for longest was signed out. Not you? Check your sessions in ${appName}.`;
  }
}
