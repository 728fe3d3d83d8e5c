// What a notice says, in every language (security.md 5.3): no link and no code, so that it is not worth imitating; only configured
// constants are inserted, never input (A24, A63). One segment where the language has its letters in GSM-7, two at most elsewhere.
import type { Language } from '../platform/text/language';
import type { NoticeName } from './notices.types';

/** {app} stands for APP_NAME. */
const texts: Readonly<Record<NoticeName, Readonly<Record<Language, string>>>> = {
  session_reused: {
    en: 'A {app} session was ended: an old key of it was used. Not you? Open {app} and change your password.',
    de: 'Eine Sitzung bei {app} wurde beendet: Ein alter Schlüssel wurde benutzt. Waren Sie das nicht? Ändern Sie dort Ihr Passwort.',
    fr: "Une session {app} a été fermée : une ancienne clé a servi. Ce n'était pas vous ? Changez votre mot de passe dans {app}.",
    es: 'Hemos cerrado un acceso a su cuenta de {app}: se ha usado una clave antigua. Si no ha sido usted, cambie su contraseña.',
    pt: 'Encerramos um acesso à sua conta {app}: uma chave antiga foi usada. Se foi outra pessoa, altere sua senha em {app}.',
    'pt-PT':
      'Foi encerrado um acesso à sua conta {app}: foi usada uma chave antiga. Se foi outra pessoa, altere a sua palavra-passe.',
    it: 'Una sessione {app} è stata chiusa: è stata usata una sua vecchia chiave. Non è stato lei? Cambi la password in {app}.',
    nl: 'Een sessie bij {app} is afgesloten: er is een oude sleutel van gebruikt. Was u dit niet? Wijzig daar uw wachtwoord.',
    pl: 'Zakończono sesję w {app}, bo użyto jej starego klucza. To nie Ty? Zmień hasło w {app}.',
    tr: 'Bir {app} oturumu kapatıldı: eski anahtarı kullanıldı. Siz değilseniz {app} parolanızı değiştirin.',
    ar: 'أُنهيت جلسة في {app} لأن مفتاحًا قديمًا لها استُخدم. إن لم تكن أنت، فافتح {app} وغيّر كلمة المرور.',
    hi: '{app} का एक सत्र समाप्त हुआ: उसकी पुरानी कुंजी इस्तेमाल हुई। यह आप नहीं थे? {app} का पासवर्ड बदलें।',
    ja: '{app}のセッションを終了しました。古いキーが使われたためです。心当たりがない場合は{app}でパスワードを変更してください。',
    zh: '您的一个{app}会话因旧密钥被使用而结束。如非本人操作，请在{app}修改密码。',
    'zh-Hant': '您的一個{app}工作階段因舊金鑰遭使用而結束。若非您本人操作，請至{app}變更密碼。',
  },
  session_surplus: {
    en: 'You signed in to {app} on an 11th device, so the one unused for longest was signed out. Not you? Check your sessions in {app}.',
    de: 'Anmeldung bei {app} auf einem 11. Gerät, daher wurde das am längsten ungenutzte abgemeldet. Waren Sie das nicht? Prüfen Sie Ihre Sitzungen.',
    fr: "Connexion à {app} sur un 11e appareil : le moins récemment utilisé a été déconnecté. Ce n'était pas vous ? Vérifiez vos sessions.",
    es: 'Ha accedido a {app} desde 11 dispositivos, por lo que se ha cerrado el acceso menos reciente. Si no ha sido usted, revise sus accesos.',
    pt: 'Sua conta {app} foi aberta em 11 aparelhos, e o usado menos recentemente foi desconectado. Se foi outra pessoa, revise seus acessos.',
    'pt-PT':
      'A sua conta {app} foi aberta em 11 dispositivos, e o usado menos recentemente foi desligado. Se foi outra pessoa, reveja os acessos.',
    it: 'Accesso a {app} da un undicesimo dispositivo: quello inutilizzato da più tempo è stato scollegato. Non è stato lei? Controlli le sessioni.',
    nl: 'U hebt ingelogd bij {app} op een 11e apparaat; het langst ongebruikte is uitgelogd. Was u dit niet? Controleer daar uw sessies.',
    pl: 'Zalogowano Cię w {app} na 11. urządzeniu, więc wylogowano najdawniej używane. To nie Ty? Sprawdź swoje sesje.',
    tr: '{app}: 11. cihazda oturum açıldı, en uzun süredir kullanılmayan kapatıldı. Siz değilseniz oturumlarınıza bakın.',
    ar: 'سُجّل الدخول إلى {app} من جهاز حادي عشر، فأُخرج الجهاز الأقدم استخدامًا. إن لم تكن أنت، فراجع جلساتك.',
    hi: '11वें डिवाइस से {app} में लॉग इन हुआ, इसलिए सबसे पहले का डिवाइस लॉग आउट किया गया। यह आप नहीं थे? अपने सत्र जाँचें।',
    ja: '11台目の端末で{app}にログインしたため、最も長く使われていない端末をログアウトしました。心当たりがない場合はセッションをご確認ください。',
    zh: '您的{app}账户在第11台设备登录，最久未用的设备已退出。如非本人操作，请检查您的会话。',
    'zh-Hant': '您的{app}帳戶在第11台裝置登入，最久未使用的裝置已登出。若非您本人操作，請檢查您的工作階段。',
  },
};

/** @param appName at most 20 characters (APP_NAME) */
export function noticeText(name: NoticeName, language: Language, appName: string): string {
  return texts[name][language].replaceAll('{app}', appName);
}
