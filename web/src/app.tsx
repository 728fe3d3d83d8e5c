// Which page is shown: by the address, and by whether somebody is signed in. Holds what all pages share (state/context.ts).
import type { LatchkeyClient, User } from '@latchkey/client';
import type { MetadataJson } from 'libphonenumber-js/core';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { Account } from './pages/account.tsx';
import { Data } from './pages/data.tsx';
import { Forgot } from './pages/forgot.tsx';
import { Login } from './pages/login.tsx';
import { Missing } from './pages/missing.tsx';
import { Register } from './pages/register.tsx';
import { Security } from './pages/security.tsx';
import { Sessions } from './pages/sessions.tsx';
import { type App as AppState, AppContext } from './state/context.ts';
import type { Arrival, Settings } from './state/latchkey.ts';
import { useGuard } from './state/use-guard.ts';
import type { Language, Texts } from './texts/texts.ts';
import { Frame } from './ui/frame.tsx';
import { StepUp } from './ui/step-up.tsx';

/** As src/http/pages.ts serves them. */
const pages: Readonly<Record<string, () => React.ReactNode>> = {
  '/login': Login,
  '/register': Register,
  '/forgot': Forgot,
  '/account': Account,
  '/account/security': Security,
  '/account/sessions': Sessions,
  '/account/data': Data,
};

interface AppProps {
  readonly latchkey: LatchkeyClient;
  readonly settings: Settings;
  readonly plans: MetadataJson;
  readonly arrival: Arrival;
  readonly restored: User | null;
  readonly texts: Texts;
  readonly setLanguage: (language: Language) => void;
}

export function App({ latchkey, settings, plans, arrival, restored, texts, setLanguage }: AppProps) {
  const [user, setUser] = useState(restored);
  const { asked, invite } = arrival;
  const { path, said, go } = usePlace(asked && settings.client === null ? texts.t('return.refused') : undefined);
  const { asking, guarded } = useGuard(user?.id);
  // Another tab has signed out, or in.
  useEffect(() => latchkey.subscribe(setUser), [latchkey]);
  const shown = pathFor(path, user, settings);
  useEffect(() => {
    if (shown !== path) go(shown);
  }, [shown, path, go]);
  const state = useMemo<AppState>(
    () => ({ ...texts, latchkey, settings, plans, invite, user, setUser, setLanguage, path: shown, go, said, guarded }),
    [texts, latchkey, settings, plans, invite, user, setLanguage, shown, go, said, guarded],
  );
  const Shown = pages[shown] ?? Missing;
  // What one person has typed or was shown is gone when another tab has signed in somebody else. A sign-in goes on while its person gets known.
  const owner = shown.startsWith('/account') ? user?.id : undefined;
  return (
    <AppContext value={state}>
      <Frame>
        <Shown key={`${shown} ${owner ?? ''}`} />
      </Frame>
      {asking !== null && <StepUp onDone={asking.done} onCancel={asking.cancel} />}
    </AppContext>
  );
}

/** Whoever is signed in has no use for the sign-in, unless an app has sent them for a session of its own. */
function pathFor(path: string, user: User | null, { client }: Settings): string {
  if (user === null && (path === '/' || path.startsWith('/account'))) return '/login';
  const isForStrangers = path === '/' || path === '/login' || path === '/register';
  return user !== null && client === null && isForStrangers ? '/account' : path;
}

interface Place {
  readonly path: string;
  readonly said: string | undefined;
}

/** The address, changed without loading everything again. What is said belongs to one visit and is in no address. */
function usePlace(first: string | undefined): Place & { readonly go: AppState['go'] } {
  const [place, setPlace] = useState<Place>({ path: location.pathname, said: first });
  useEffect(() => {
    const follow = () => setPlace({ path: location.pathname, said: undefined });
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  const go = useCallback((path: string, said?: string) => {
    if (path !== location.pathname) history.pushState(null, '', `${path}${location.search}`);
    setPlace((before) => ({ path, said: said ?? (before.path === path ? before.said : undefined) }));
    scrollTo(0, 0);
  }, []);
  return { ...place, go };
}
