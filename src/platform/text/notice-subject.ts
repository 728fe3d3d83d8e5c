// The subject of every notice by mail. It is always the same, so that a locked screen shows nothing of what the notice says.
import type { Language } from './language';

/** {app} stands for APP_NAME. */
const subjects: Readonly<Record<Language, string>> = {
  en: 'Security notice from {app}',
  de: 'Sicherheitshinweis von {app}',
  fr: 'Alerte de sécurité {app}',
  es: 'Aviso de seguridad de {app}',
  pt: 'Aviso de segurança: {app}',
  'pt-PT': 'Aviso de segurança: {app}',
  it: 'Avviso di sicurezza di {app}',
  nl: 'Beveiligingsmelding van {app}',
  pl: 'Powiadomienie o bezpieczeństwie {app}',
  tr: '{app} güvenlik bildirimi',
  ar: 'تنبيه أمني من {app}',
  hi: '{app} की सुरक्षा सूचना',
  ja: '{app}からのセキュリティ通知',
  zh: '{app}安全通知',
  'zh-Hant': '{app}安全通知',
};

export function noticeSubject(language: Language, app: string): string {
  return subjects[language].replaceAll('{app}', app);
}
