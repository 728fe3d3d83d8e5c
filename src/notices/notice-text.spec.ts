import { segmentCount } from '../sms/text/segments';
import { noticeText } from './notice-text';
import type { NoticeName } from './notices.types';

const LONGEST_APP_NAME = 'Twenty characters 20';

it.each<NoticeName>(['session_reused', 'session_surplus'])(
  'A24: %s is one segment whatever the app is called, names it, and holds neither link nor digits that look like a code',
  (name) => {
    const text = noticeText(name, LONGEST_APP_NAME);
    expect(segmentCount(text)).toBe(1);
    expect(text).toContain(LONGEST_APP_NAME);
    expect(text).not.toMatch(/https?:|www\.|[0-9]{4}/);
    expect(text).toMatch(/Not you\?/);
  },
);
