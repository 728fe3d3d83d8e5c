// Asks what this server is and who is signed in here, chooses the words, and shows the pages. When the server cannot be asked, or does not
// answer a page at this address, it says so and offers to try again.
import { type LatchkeyClient, LatchkeyError, type User } from '@latchkey/client';
import type { MetadataJson } from 'libphonenumber-js/core';
import { useCallback, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { type Arrival, arrivalOf, connect, loadPlans, loadSettings, type Settings } from './state/latchkey.ts';
import { tell } from './state/problem.ts';
import './style.css';
import { english, type Language, preferredLanguage, type Texts, textsIn } from './texts/texts.ts';

/** The choice of a language, which is nothing to hide. */
const KEPT_AS = 'latchkey:language';

interface Begun {
  readonly settings: Settings;
  readonly plans: MetadataJson;
  readonly latchkey: LatchkeyClient;
  readonly user: User | null;
}

/** @throws when the server cannot be asked */
async function begin(arrival: Arrival, language: Language): Promise<Begun> {
  const [settings, plans] = await Promise.all([loadSettings(arrival), loadPlans()]);
  const latchkey = connect(settings, language);
  return { settings, plans, latchkey, user: await latchkey.restore() };
}

interface Wording {
  /** null until they are there. */
  readonly texts: Texts | null;
  readonly setLanguage: (language: Language) => void;
  /** Stores the choice once more; nothing where the person has chosen none. */
  readonly keepChoice: () => void;
}

function useTexts(): Wording {
  const [chosen, setChosen] = useState(() => localStorage.getItem(KEPT_AS));
  const language = preferredLanguage(chosen, navigator.languages);
  const [texts, setTexts] = useState<Texts | null>(language === 'en' ? english : null);
  useEffect(() => {
    let isWanted = true;
    const show = (found: Texts) => {
      if (!isWanted) return;
      Object.assign(document.documentElement, { lang: found.language, dir: found.direction });
      setTexts(found);
    };
    textsIn(language).then(show, () => show(english));
    return () => {
      isWanted = false;
    };
  }, [language]);
  const setLanguage = (wanted: Language) => {
    localStorage.setItem(KEPT_AS, wanted);
    setChosen(wanted);
  };
  const keepChoice = useCallback(() => {
    if (chosen !== null) localStorage.setItem(KEPT_AS, chosen);
  }, [chosen]);
  return { texts, setLanguage, keepChoice };
}

function Start({ arrival }: { readonly arrival: Arrival }) {
  const { texts, setLanguage, keepChoice } = useTexts();
  const [begun, setBegun] = useState<Begun | Error | null>(null);
  const wanted = texts?.language;
  useEffect(() => {
    if (wanted !== undefined && begun === null) begin(arrival, wanted).then(setBegun, setBegun);
  }, [arrival, wanted, begun]);
  const latchkey = begun === null || begun instanceof Error ? undefined : begun.latchkey;
  // The answer to a sign-out has the browser empty the storage of these pages (Clear-Site-Data).
  useEffect(() => latchkey?.subscribe((user) => user ?? keepChoice()), [latchkey, keepChoice]);
  if (texts === null || begun === null) return null;
  if (begun instanceof Error) {
    return (
      <main>
        <div role="alert">
          <h1>{begun instanceof LatchkeyError ? tell(begun, texts).text : texts.t('error.network')}</h1>
        </div>
        <button type="button" className="main" onClick={() => setBegun(null)}>
          {texts.t('again')}
        </button>
      </main>
    );
  }
  const { user, ...rest } = begun;
  return <App {...rest} restored={user} texts={texts} setLanguage={setLanguage} arrival={arrival} />;
}

const place = document.getElementById('app');
if (place === null) throw new Error('no place for the pages');
createRoot(place).render(<Start arrival={arrivalOf(location.search)} />);
