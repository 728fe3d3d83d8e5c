// What people are told when their password is locked, or when their account moves to another number or loses its number, in every language. {app}
// stands for APP_NAME. Each text is one segment in languages with the letters of GSM-7, at most two in the others.
import type { Language } from '../platform/text/language';
import type { AccountNotice } from './notices.types';

export const accountNoticeTexts: Readonly<Record<AccountNotice, Readonly<Record<Language, string>>>> = {
  password_locked: {
    en: 'Too many wrong passwords: yours no longer opens {app}. Reset it in {app} to sign in.',
    de: 'Zu viele falsche Passwörter: Ihres öffnet {app} nicht mehr. Setzen Sie es bei {app} zurück.',
    fr: "Trop d'essais erronés : votre mot de passe {app} est bloqué. Réinitialisez-le dans {app}.",
    es: 'Demasiados intentos fallidos: la contraseña de su cuenta de {app} queda bloqueada. Restablézcala en {app}.',
    pt: 'Muitas tentativas erradas: sua senha de {app} foi bloqueada. Redefina a senha em {app}.',
    'pt-PT': 'Demasiadas tentativas erradas: a sua palavra-passe de {app} foi bloqueada. Reponha-a em {app}.',
    it: 'Troppi tentativi errati: la password del suo account {app} è bloccata. La reimposti in {app}.',
    nl: 'Te veel foute wachtwoorden: het uwe is bij {app} geblokkeerd. Herstel het in {app}.',
    pl: 'Zbyt wiele błędnych haseł: Twoje hasło do {app} zablokowano. Zresetuj je w {app}.',
    tr: 'Çok fazla hatalı deneme: {app} parolanız kilitlendi. {app} üzerinden parolanızı yenileyin.',
    ar: 'محاولات خاطئة كثيرة: قُفلت كلمة مرورك في {app}. أعد تعيينها من {app}.',
    hi: 'बहुत गलत प्रयास हुए: आपका {app} पासवर्ड बंद है। {app} में इसे रीसेट करें।',
    ja: 'パスワードの誤入力が多いため、{app}のパスワードをロックしました。{app}で再設定してください。',
    zh: '密码错误次数过多，您的{app}密码已被锁定。请在{app}重置密码。',
    'zh-Hant': '密碼錯誤次數過多，您的{app}密碼已遭鎖定。請至{app}重設密碼。',
  },
  phone_move_pending: {
    en: 'Support was asked to move your {app} account to another number. Not you? Sign in to {app} now: that stops it.',
    de: 'Ihr Konto bei {app} soll eine andere Nummer bekommen. Waren Sie das nicht? Melden Sie sich jetzt bei {app} an: Das verhindert es.',
    fr: "Votre compte {app} va passer à un autre numéro, sur demande. Ce n'était pas vous ? Connectez-vous : cela l'annule.",
    es: 'Se ha pedido pasar su cuenta de {app} a otro teléfono. Si no ha sido usted, acceda ya a {app}: eso lo anula.',
    pt: 'Foi pedido que sua conta {app} passe a outro telefone. Se foi outra pessoa, entre em {app} agora: isso cancela o pedido.',
    'pt-PT':
      'Foi pedido que a sua conta {app} passe para outro telefone. Se foi outra pessoa, entre em {app}: isso cancela o pedido.',
    it: 'Hanno chiesto di spostare il suo account {app} su un altro numero. Non è stato lei? Acceda ora a {app}: lo annulla.',
    nl: 'Er is gevraagd uw account bij {app} op een ander nummer te zetten. Was u dit niet? Log nu in bij {app}: dat stopt het.',
    pl: 'Zgłoszono przeniesienie konta w {app} na inny numer. To nie Ty? Zaloguj się teraz, a zostanie wstrzymane.',
    tr: '{app} hesabınızın başka numaraya taşınması istendi. Siz değilseniz şimdi oturum açın: işlem durur.',
    ar: 'طُلب نقل حسابك في {app} إلى رقم آخر. إن لم تكن أنت، فسجّل الدخول إلى {app} الآن لإيقاف ذلك.',
    hi: 'आपका {app} खाता दूसरे नंबर पर ले जाने का अनुरोध हुआ। यह आप नहीं थे? अभी लॉग इन करें, यह रुक जाएगा।',
    ja: '{app}のアカウントを別の番号に移す依頼がありました。心当たりがない場合は、今すぐ{app}にログインすると中止されます。',
    zh: '有人要求将您的{app}账户转到另一号码。如非本人操作，请立即登录{app}，即可阻止。',
    'zh-Hant': '有人要求將您的{app}帳戶轉到另一號碼。若非您本人操作，請立即登入{app}，即可阻止。',
  },
  phone_released: {
    en: 'The number of your {app} account belongs to somebody else now. Sign in with your e-mail address and add your new number.',
    de: 'Die Nummer Ihres Kontos bei {app} gehört jetzt jemand anderem. Melden Sie sich mit Ihrer E-Mail-Adresse an und geben Sie Ihre neue an.',
    fr: "Le numéro de votre compte {app} appartient à quelqu'un d'autre. Connectez-vous avec votre e-mail et ajoutez le nouveau.",
    es: 'El teléfono de su cuenta de {app} ya es de otra persona. Acceda con su correo y agregue el nuevo.',
    pt: 'O telefone da sua conta {app} agora pertence a outra pessoa. Entre com seu e-mail e informe o novo.',
    'pt-PT': 'O telefone da sua conta {app} pertence agora a outra pessoa. Entre com o seu e-mail e indique o novo.',
    it: 'Il numero del suo account {app} ora appartiene a un altro. Acceda con la sua e-mail e aggiunga quello nuovo.',
    nl: 'Het nummer van uw account bij {app} is nu van iemand anders. Log in met uw e-mailadres en geef uw nieuwe nummer op.',
    pl: 'Numer Twojego konta w {app} należy już do kogoś innego. Zaloguj się adresem e-mail i dodaj nowy.',
    tr: '{app} hesabınızın numarası artık başkasına ait. E-posta adresinizle oturum açıp yeni numaranızı ekleyin.',
    ar: 'أصبح رقم حسابك في {app} لشخص آخر. سجّل الدخول ببريدك الإلكتروني وأضف رقمك الجديد.',
    hi: 'आपके {app} खाते का नंबर अब किसी और का है। ईमेल से लॉग इन करें और नया नंबर जोड़ें।',
    ja: '{app}のアカウントの電話番号は別の方のものになりました。メールアドレスでログインし、新しい番号を登録してください。',
    zh: '您的{app}账户的号码现已归他人使用。请用电子邮箱登录并添加新号码。',
    'zh-Hant': '您的{app}帳戶的號碼現已屬於他人。請以電子郵件地址登入並新增新號碼。',
  },
};
