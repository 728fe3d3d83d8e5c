// What stands around every page: whose it is, the language, the way out.
import type { ReactNode } from 'react';
import { useApp } from '../state/context.ts';
import { useWork } from '../state/use-work.ts';
import { isLanguage, languages } from '../texts/texts.ts';
import { Problem } from './form.tsx';

export function Frame({ children }: { readonly children: ReactNode }) {
  const { t, settings, user, path } = useApp();
  return (
    <>
      <a className="skip" href="#content">
        {t('nav.skip')}
      </a>
      <header>
        <p className="brand">{settings.appName}</p>
        <LanguagePicker />
        {user !== null && <SignOut key={path} />}
      </header>
      {children}
    </>
  );
}

/** Only the server can end the session, as no script can take its cookie away: until it has, nobody is told that they are signed out. */
function SignOut() {
  const { t, latchkey, setUser, go } = useApp();
  const work = useWork();
  const leave = async () => {
    await latchkey.logout();
    setUser(null);
    go('/login', t('signed_out'));
  };
  return (
    <>
      <button type="button" className="link" aria-disabled={work.busy} onClick={() => void work.run(leave)}>
        {t('nav.logout')}
      </button>
      <Problem text={work.problem.text} />
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
