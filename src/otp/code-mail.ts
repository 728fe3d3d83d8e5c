// A code by mail (security.md 5.3): the words of a message, without the lines that are for phones. The subject does not contain the code,
// because locked screens show it. Plain text without a link; only digits and configured constants are inserted, never input (A24, A63).
import type { Language } from '../platform/text/language';
import { codeTexts } from './code-texts';
import type { Purpose } from './otp.types';

/** {app} is replaced by APP_NAME. */
const subjects: Readonly<Record<Language, string>> = {
  en: 'Your {app} code',
  de: 'Ihr Code von {app}',
  fr: 'Votre code {app}',
  es: 'Su clave de {app}',
  pt: 'Seu código: {app}',
  'pt-PT': 'O seu código: {app}',
  it: 'Il suo codice {app}',
  nl: 'Uw code van {app}',
  pl: 'Twój kod {app}',
  tr: '{app} kodunuz',
  ar: 'رمزك في {app}',
  hi: 'आपका {app} कोड',
  ja: '{app}のコード',
  zh: '您的{app}验证码',
  'zh-Hant': '您的{app}驗證碼',
};

export function codeMail(
  code: string,
  purpose: Purpose,
  language: Language,
  app: string,
): { subject: string; text: string } {
  const words = codeTexts[language][purpose] + codeTexts[language].advice;
  return {
    subject: subjects[language].replace('{app}', app),
    text: `${words.replace('{code}', code).replace('{app}', app)}\n`,
  };
}
