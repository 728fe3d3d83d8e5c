// A notice as mail. It has the same words as the message to the phone. The subject is the same for all notices, so that a locked screen does not
// show what happened. Plain text, no link and no code (security.md 5.3).
import type { Language } from '../platform/text/language';
import { noticeSubject } from '../platform/text/notice-subject';
import { noticeText } from './notice-text';
import type { NoticeName } from './notices.types';

/** The notice `phone_changed` has other words in a mail: to the phone it says that this is no longer the number, and the mail goes elsewhere. */
const phoneChanged: Readonly<Record<Language, string>> = {
  en: 'The phone number of your {app} account was changed. Not you? Contact {app} at once.',
  de: 'Die Telefonnummer Ihres Kontos bei {app} wurde geändert. Waren Sie das nicht? Melden Sie sich sofort bei {app}.',
  fr: "Le numéro de téléphone de votre compte {app} a été changé. Ce n'était pas vous ? Contactez {app} sans attendre.",
  es: 'Se ha cambiado el teléfono de su cuenta de {app}. Si no ha sido usted, contacte con {app} cuanto antes.',
  pt: 'O telefone da sua conta {app} foi alterado. Se foi outra pessoa, contate {app} imediatamente.',
  'pt-PT': 'O telefone da sua conta {app} foi alterado. Se foi outra pessoa, contacte {app} de imediato.',
  it: 'Il numero di telefono del suo account {app} è stato cambiato. Non è stato lei? Contatti subito {app}.',
  nl: 'Het telefoonnummer van uw account bij {app} is gewijzigd. Was u dit niet? Neem direct contact op met {app}.',
  pl: 'Zmieniono numer telefonu Twojego konta w {app}. To nie Ty? Skontaktuj się od razu z {app}.',
  tr: '{app} hesabınızın telefon numarası değiştirildi. Siz değilseniz hemen {app} ile iletişime geçin.',
  ar: 'غُيّر رقم هاتف حسابك في {app}. إن لم تكن أنت، فتواصل مع {app} فورًا.',
  hi: 'आपके {app} खाते का फ़ोन नंबर बदला गया। यह आप नहीं थे? तुरंत {app} से संपर्क करें।',
  ja: '{app}アカウントの電話番号が変更されました。心当たりがない場合は、すぐに{app}へご連絡ください。',
  zh: '您的{app}账户的电话号码已修改。如非本人操作，请立即联系{app}。',
  'zh-Hant': '您的{app}帳戶的電話號碼已變更。若非您本人操作，請立即聯絡{app}。',
};

export function noticeMail(name: NoticeName, language: Language, app: string): { subject: string; text: string } {
  const text = name === 'phone_changed' ? phoneChanged[language] : noticeText(name, language, app);
  return { subject: noticeSubject(language, app), text: `${text.replaceAll('{app}', app)}\n` };
}
