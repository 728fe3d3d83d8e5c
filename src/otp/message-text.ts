// Makes the text of a code message (security.md 5.3): the words of the person's language, the line of an Android app's hash if
// any, and as the last line the code bound to our origin (WebOTP, WICG origin-bound one-time codes). Only digits and configured
// constants are inserted, never input (A24, A63, A97).
import type { Language } from '../platform/text/language';
import { segmentCount } from '../platform/text/segments';
import { codeTexts } from './code-texts';
import { type NoticeName, noticeTexts } from './challenge-notice-texts';
import type { Purpose } from './otp.types';

/** What every message of this installation holds. */
export interface Letterhead {
  /** APP_NAME, at most 20 characters. */
  readonly app: string;
  /** Host, with the port if any, of the page that takes the code; at most 60 characters. */
  readonly origin: string;
  /** 11 characters by which Android hands the message to the app (SMS Retriever), which may have 140 bytes: one segment. */
  readonly androidAppHash: string | undefined;
}

/** @returns the text; with the advice not to share the code where it takes no further segment */
export function codeText(code: string, purpose: Purpose, language: Language, letterhead: Letterhead): string {
  const { app, origin, androidAppHash } = letterhead;
  const texts = codeTexts[language];
  const short = texts[purpose].replace('{code}', code).replace('{app}', app);
  const end = [...(androidAppHash === undefined ? [] : [androidAppHash]), `@${origin} #${code}`].join('\n');
  const [advised, bare] = [short + texts.advice, short].map((words) => `${words}\n\n${end}`) as [string, string];
  return segmentCount(advised) === segmentCount(bare) ? advised : bare;
}

export function noticeText(name: NoticeName, language: Language, app: string): string {
  return noticeTexts[name][language].replaceAll('{app}', app);
}
