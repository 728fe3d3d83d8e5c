// What stands around every page: whose it is, the language, the way out.
import type { ReactNode } from 'react';
import { useApp } from '../state/context.ts';
import { isLanguage, languages } from '../texts/texts.ts';

export function Frame({ children }: { readonly children: ReactNode }) {
  const { t, settings, user, latchkey, setUser, go } = useApp();
  const leave = async () => {
    // Signed out here in any case; when the server could not be told, its session ends by itself.
    await latchkey.logout().catch(() => undefined);
    setUser(null);
    go('/login', t('signed_out'));
  };
  return (
    <>
      <a className="skip" href="#content">
        {t('nav.skip')}
      </a>
      <header>
        <p className="brand">{settings.appName}</p>
        <LanguagePicker />
        {user !== null && (
          <button type="button" className="link" onClick={() => void leave()}>
            {t('nav.logout')}
          </button>
        )}
      </header>
      {children}
    </>
  );
}

function LanguagePicker() {
  const { t, language, setLanguage } = useApp();
  return (
    <select
      className="language"
      aria-label={t('nav.language')}
      value={language}
      onChange={({ target }) => isLanguage(target.value) && setLanguage(target.value)}
    >
      {Object.entries(languages).map(([tag, name]) => (
        <option key={tag} value={tag} lang={tag}>
          {name}
        </option>
      ))}
    </select>
  );
}
