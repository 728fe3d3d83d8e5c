// Makes the text of a code message (security.md 5.3): the words in the person's language; a line with an Android app's hash, if there is
// one; and as last line the code bound to our origin (WebOTP, WICG origin-bound one-time codes). Only digits and configured constants are
// inserted, never input (A24, A63, A97).
import { type Language, languageOf } from '../platform/text/language';
import { segmentCount } from '../platform/text/segments';
import { type ChallengeNoticeName, noticeTexts } from './challenge-notice-texts';
import { codeTexts } from './code-texts';
import type { ChallengeToSend, Purpose } from './otp.types';

/** The parts that all messages of this installation share. */
export interface Letterhead {
  /** APP_NAME, at most 20 characters. */
  readonly app: string;
  /** Host, with its port if any, of the page that takes the code; at most 60 characters. */
  readonly origin: string;
  /** 11 characters by which Android passes the message to the app (SMS Retriever). That works up to 140 bytes, so the message must be one segment. */
  readonly androidAppHash: string | undefined;
}

/** @returns the text, with the advice not to share the code if that takes no further segment */
export function codeText(code: string, purpose: Purpose, language: Language, letterhead: Letterhead): string {
  const { app, origin, androidAppHash } = letterhead;
  const texts = codeTexts[language];
  const short = texts[purpose].replace('{code}', code).replace('{app}', app);
  const end = [...(androidAppHash === undefined ? [] : [androidAppHash]), `@${origin} #${code}`].join('\n');
  const [advised, bare] = [short + texts.advice, short].map((words) => `${words}\n\n${end}`) as [string, string];
  return segmentCount(advised) === segmentCount(bare) ? advised : bare;
}

/** Of an attempt to register their number people read in their own language, not in the one that a stranger has asked for. */
export function noticeLanguage(
  name: ChallengeNoticeName,
  { locale, toldLocale }: Pick<ChallengeToSend, 'locale' | 'toldLocale'>,
): Language {
  return languageOf(name === 'register_attempt' ? toldLocale : locale);
}

export function challengeNoticeText(name: ChallengeNoticeName, language: Language, app: string): string {
  return noticeTexts[name][language].replaceAll('{app}', app);
}
