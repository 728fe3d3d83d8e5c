// What a code message says, in every language: the purpose is named, since that is what a person who is being fooled can notice.
// The words keep to GSM-7 where the language can (a clave in place of a código), and leave room for one segment with the longest
// APP_NAME, OTP_ORIGIN and code. Formal address where that is customary. No link, no number, nothing that is input (A24, A63).
import type { Language } from '../platform/text/language';
import type { Purpose } from './otp.types';

export interface CodeTexts extends Readonly<Record<Purpose, string>> {
  /** Follows the text, where that costs no further segment. */
  readonly advice: string;
}

/** {code} and {app} stand for the code and APP_NAME. */
export const codeTexts: Readonly<Record<Language, CodeTexts>> = {
  en: {
    register: '{code} is your {app} code to finish signing up.',
    login: '{code} is your {app} code to sign in.',
    step_up: '{code} is your {app} code to confirm a change.',
    reset: '{code} is your {app} code to reset your password.',
    phone_change: '{code} is your {app} code to change your number.',
    phone_verification: '{code} is your {app} code to verify your number.',
    advice: ' Never share it.',
  },
  de: {
    register: '{code} ist Ihr Code zur Registrierung bei {app}.',
    login: '{code} ist Ihr Code zur Anmeldung bei {app}.',
    step_up: '{code} ist Ihr Code zum Bestätigen einer Änderung bei {app}.',
    reset: '{code} ist Ihr Code für ein neues Passwort bei {app}.',
    phone_change: '{code} ist Ihr Code zum Ändern Ihrer Nummer bei {app}.',
    phone_verification: '{code} ist Ihr Code zum Bestätigen Ihrer Nummer bei {app}.',
    advice: ' Geben Sie ihn niemals weiter.',
  },
  fr: {
    register: '{code} est votre code {app} pour créer votre compte.',
    login: '{code} est votre code {app} pour vous connecter.',
    step_up: '{code} est votre code {app} pour confirmer une modification.',
    reset: '{code} est votre code {app} pour changer de mot de passe.',
    phone_change: '{code} est votre code {app} pour changer de numéro.',
    phone_verification: '{code} est votre code {app} pour vérifier votre numéro.',
    advice: ' Ne le communiquez à personne.',
  },
  es: {
    register: '{code} es su clave de {app} para crear su cuenta.',
    login: '{code} es su clave de {app} para acceder a su cuenta.',
    step_up: '{code} es su clave de {app} para confirmar un cambio.',
    reset: '{code} es su clave de {app} para restablecer su contraseña.',
    phone_change: '{code} es su clave de {app} para cambiar su teléfono.',
    phone_verification: '{code} es su clave de {app} para verificar su teléfono.',
    advice: ' No la comparta con nadie.',
  },
  pt: {
    register: '{app}: use {code} para criar sua conta.',
    login: '{app}: use {code} para entrar na sua conta.',
    step_up: '{app}: use {code} para alterar os dados da sua conta.',
    reset: '{app}: use {code} para redefinir sua senha.',
    phone_change: '{app}: use {code} para alterar seu telefone.',
    phone_verification: '{app}: use {code} para confirmar seu telefone.',
    advice: ' Nunca compartilhe com ninguém.',
  },
  'pt-PT': {
    register: '{app}: utilize {code} para criar a sua conta.',
    login: '{app}: utilize {code} para entrar na sua conta.',
    step_up: '{app}: utilize {code} para alterar os dados da sua conta.',
    reset: '{app}: utilize {code} para repor a sua palavra-passe.',
    phone_change: '{app}: utilize {code} para alterar o seu telefone.',
    phone_verification: '{app}: utilize {code} para confirmar o seu telefone.',
    advice: ' Nunca o partilhe com ninguém.',
  },
  it: {
    register: '{code} è il codice {app} per completare la registrazione.',
    login: '{code} è il codice {app} per accedere.',
    step_up: '{code} è il codice {app} per confermare una modifica.',
    reset: '{code} è il codice {app} per reimpostare la password.',
    phone_change: '{code} è il codice {app} per cambiare numero di telefono.',
    phone_verification: '{code} è il codice {app} per verificare il suo numero.',
    advice: ' Non lo comunichi a nessuno.',
  },
  nl: {
    register: '{code} is uw code om u te registreren bij {app}.',
    login: '{code} is uw code om in te loggen bij {app}.',
    step_up: '{code} is uw code om een wijziging bij {app} te bevestigen.',
    reset: '{code} is uw code voor een nieuw wachtwoord bij {app}.',
    phone_change: '{code} is uw code om uw nummer bij {app} te wijzigen.',
    phone_verification: '{code} is uw code om uw nummer bij {app} te bevestigen.',
    advice: ' Deel deze met niemand.',
  },
  pl: {
    register: '{code} to kod do rejestracji w {app}.',
    login: '{code} to kod do logowania w {app}.',
    step_up: '{code} to kod do potwierdzenia zmiany w {app}.',
    reset: '{code} to kod do odzyskania konta w {app}.',
    phone_change: '{code} to kod do zmiany numeru w {app}.',
    phone_verification: '{code} to kod do weryfikacji numeru w {app}.',
    advice: ' Nie podawaj go nikomu.',
  },
  tr: {
    register: '{app} üyelik kodunuz: {code}.',
    login: '{app} oturum kodunuz: {code}.',
    step_up: '{app} güncelleme onay kodunuz: {code}.',
    reset: '{app} parola yenileme kodunuz: {code}.',
    phone_change: '{app} yeni numara onay kodunuz: {code}.',
    phone_verification: '{app} numara onay kodunuz: {code}.',
    advice: ' Kimseye vermeyin.',
  },
  ar: {
    register: 'رمز {app} لإنشاء حسابك هو {code}.',
    login: 'رمز {app} لتسجيل الدخول هو {code}.',
    step_up: 'رمز {app} لتأكيد تغيير هو {code}.',
    reset: 'رمز {app} لإعادة تعيين كلمة المرور هو {code}.',
    phone_change: 'رمز {app} لتغيير رقم هاتفك هو {code}.',
    phone_verification: 'رمز {app} لتأكيد رقم هاتفك هو {code}.',
    advice: ' لا تشاركه مع أحد.',
  },
  hi: {
    register: '{app} पर पंजीकरण के लिए आपका कोड {code} है।',
    login: '{app} में लॉग इन के लिए आपका कोड {code} है।',
    step_up: '{app} में बदलाव की पुष्टि के लिए आपका कोड {code} है।',
    reset: '{app} का पासवर्ड रीसेट करने के लिए आपका कोड {code} है।',
    phone_change: '{app} में नंबर बदलने के लिए आपका कोड {code} है।',
    phone_verification: '{app} पर नंबर सत्यापित करने के लिए आपका कोड {code} है।',
    advice: ' इसे किसी को न बताएँ।',
  },
  ja: {
    register: '{app}の登録コードは{code}です。',
    login: '{app}のログインコードは{code}です。',
    step_up: '{app}の変更確認コードは{code}です。',
    reset: '{app}のパスワード再設定コードは{code}です。',
    phone_change: '{app}の電話番号変更コードは{code}です。',
    phone_verification: '{app}の電話番号確認コードは{code}です。',
    advice: '他人に教えないでください。',
  },
  zh: {
    register: '{code}是您注册{app}的验证码。',
    login: '{code}是您登录{app}的验证码。',
    step_up: '{code}是您在{app}确认更改的验证码。',
    reset: '{code}是您重置{app}密码的验证码。',
    phone_change: '{code}是您更换{app}手机号的验证码。',
    phone_verification: '{code}是您在{app}验证手机号的验证码。',
    advice: '请勿告知他人。',
  },
  'zh-Hant': {
    register: '{code}是您註冊{app}的驗證碼。',
    login: '{code}是您登入{app}的驗證碼。',
    step_up: '{code}是您在{app}確認變更的驗證碼。',
    reset: '{code}是您重設{app}密碼的驗證碼。',
    phone_change: '{code}是您變更{app}手機號碼的驗證碼。',
    phone_verification: '{code}是您在{app}驗證手機號碼的驗證碼。',
    advice: '請勿告知他人。',
  },
};
