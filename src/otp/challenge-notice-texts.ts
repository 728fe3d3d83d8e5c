// What the notices of codes say, in every language (security.md 5.3): no link and no code, since a notice must not be worth
// imitating. One segment where the language has its letters in GSM-7, two at most elsewhere.
import type { Language } from '../platform/text/language';

/** register_attempt: for the owner of a number that somebody registers; factor_locked: too many wrong codes. */
export type ChallengeNoticeName = 'register_attempt' | 'factor_locked';

/** {app} stands for APP_NAME. */
export const noticeTexts: Readonly<Record<ChallengeNoticeName, Readonly<Record<Language, string>>>> = {
  register_attempt: {
    en: 'Someone tried to sign up to {app} with your number. If it was you, sign in or reset your password instead.',
    de: 'Jemand wollte sich mit Ihrer Nummer bei {app} registrieren. Waren Sie das? Melden Sie sich an oder setzen Sie Ihr Passwort zurück.',
    fr: "Quelqu'un a voulu créer un compte {app} avec votre numéro. Si c'est vous, connectez-vous ou changez de mot de passe.",
    es: 'Alguien ha intentado crear una cuenta de {app} con su teléfono. Si ha sido usted, acceda o restablezca su contraseña.',
    pt: 'Alguém tentou criar uma conta {app} com seu telefone. Para usar a conta existente, entre ou redefina sua senha.',
    'pt-PT':
      'Alguém tentou criar uma conta {app} com o seu telefone. Para usar a conta existente, entre ou reponha a palavra-passe.',
    it: 'Qualcuno ha provato a registrarsi su {app} con il suo numero. Se è stato lei, acceda o reimposti la password.',
    nl: 'Iemand wilde zich met uw nummer registreren bij {app}. Was u dat? Log in of stel een nieuw wachtwoord in.',
    pl: 'Ktoś próbował zarejestrować Twój numer w {app}. Jeśli to Ty, zaloguj się lub zresetuj hasło.',
    tr: 'Birisi numaranızla {app} hesabı açmaya çalıştı. Siz olduysanız giriş yapın veya parolanızı yenileyin.',
    ar: 'حاول شخص إنشاء حساب في {app} برقمك. إن كنت أنت، فسجّل الدخول أو أعد تعيين كلمة المرور.',
    hi: 'किसी ने आपके नंबर से {app} पर पंजीकरण की कोशिश की। अगर यह आप थे, तो लॉग इन करें या पासवर्ड रीसेट करें।',
    ja: 'お客様の番号で{app}への登録が試みられました。ご本人の場合は、ログインするかパスワードを再設定してください。',
    zh: '有人尝试用您的手机号注册{app}。如是您本人，请直接登录或重置密码。',
    'zh-Hant': '有人嘗試以您的手機號碼註冊{app}。若是您本人，請直接登入或重設密碼。',
  },
  factor_locked: {
    en: 'Someone entered too many wrong {app} codes for your account. Not you? Open {app} and change your password.',
    de: 'Für Ihr Konto bei {app} wurden zu viele falsche Codes eingegeben. Waren Sie das nicht? Ändern Sie dort Ihr Passwort.',
    fr: "Trop de codes erronés pour votre compte {app}. Ce n'était pas vous ? Changez votre mot de passe dans {app}.",
    es: 'Se han introducido demasiadas claves incorrectas en su cuenta de {app}. Si no ha sido usted, cambie su contraseña.',
    pt: 'O acesso à sua conta {app} foi bloqueado por excesso de erros. Se foi outra pessoa, altere sua senha em {app}.',
    'pt-PT':
      'O acesso à sua conta {app} foi bloqueado por excesso de erros. Se foi outra pessoa, altere a palavra-passe em {app}.',
    it: 'Troppi codici errati per il suo account {app}. Non è stato lei? Cambi la password in {app}.',
    nl: 'Er zijn te veel foute codes ingevoerd voor uw account bij {app}. Was u dit niet? Wijzig daar uw wachtwoord.',
    pl: 'Zbyt wiele razy podano błędny kod do Twojego konta w {app}. To nie Ty? Zmień hasło w {app}.',
    tr: '{app} hesabınız için çok fazla yanlış kod girildi. Siz değilseniz {app} parolanızı değiştirin.',
    ar: 'أُدخلت رموز خاطئة كثيرة لحسابك في {app}. إن لم تكن أنت، فافتح {app} وغيّر كلمة المرور.',
    hi: 'आपके {app} खाते के लिए कई बार गलत कोड डाले गए। यह आप नहीं थे? {app} खोलकर पासवर्ड बदलें।',
    ja: '{app}のアカウントで誤ったコードが何度も入力されました。心当たりがない場合は{app}でパスワードを変更してください。',
    zh: '您的{app}账户多次输入错误验证码。如非本人操作，请在{app}修改密码。',
    'zh-Hant': '您的{app}帳戶多次輸入錯誤的驗證碼。若非您本人操作，請至{app}變更密碼。',
  },
};
