import { type Language, languages } from '../platform/text/language';
import { segmentCount } from '../platform/text/segments';
import { noticeText } from './notice-text';
import type { NoticeName } from './notices.types';

const LONGEST_APP_NAME = 'Twenty characters 20';
/** Letters outside GSM-7. */
const wide: readonly Language[] = ['pl', 'tr', 'ar', 'hi', 'ja', 'zh', 'zh-Hant'];

describe.each<NoticeName>([
  'session_reused',
  'session_surplus',
  'password_changed',
  'password_reset',
  'password_locked',
  'phone_move_pending',
  'phone_released',
  'totp_enabled',
  'totp_disabled',
  'recovery_codes_made',
  'recovery_code_used',
  'recovery_codes_few',
  'device_reused',
  'phone_changed',
  'phone_added',
  'account_deleted',
  'email_added',
  'email_changed',
  'email_removed',
])('A24: %s', (name) => {
  it.each(languages)(
    'in %s fits whatever the app is called, names it, holds neither link nor what looks like a code',
    (language) => {
      const text = noticeText(name, language, LONGEST_APP_NAME);
      expect(segmentCount(text)).toBeLessThanOrEqual(wide.includes(language) ? 2 : 1);
      expect(text).toContain(LONGEST_APP_NAME);
      expect(text).not.toMatch(/[{}]|https?:|www\.|[0-9]{4}/);
    },
  );

  it('is another text in every language', () => {
    expect(new Set(languages.map((language) => noticeText(name, language, 'App'))).size).toBe(languages.length);
  });
});
