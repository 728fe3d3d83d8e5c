// Who is at the dashboard, what they look at, and whether it goes on asking. Without a key there is the question for one; a key that opens
// nothing any more leads back there.
import { useCallback, useEffect, useMemo, useState } from 'react';
import { AdminApi } from './state/admin-api.ts';
import { type Dashboard, DashboardContext } from './state/context.ts';
import { Accounts } from './views/accounts.tsx';
import { Audit } from './views/audit.tsx';
import { Messages } from './views/messages.tsx';
import { SignIn } from './views/sign-in.tsx';

const HOUR_MILLISECONDS = 3_600_000;
const views = { messages: Messages, accounts: Accounts, audit: Audit } as const;
const names = { messages: 'Messages', accounts: 'Accounts', audit: 'Audit' } as const;
type View = keyof typeof views;

const periods: Readonly<Record<number, string>> = {
  1: 'last hour',
  24: 'last day',
  168: 'last 7 days',
  720: 'last 30 days',
};

interface Operator {
  readonly api: AdminApi;
  readonly name: string;
}

export function App() {
  const [operator, setOperator] = useState<Operator | null>(null);
  const [said, setSaid] = useState<string>();
  const signOut = useCallback((why: string) => {
    setOperator(null);
    setSaid(why);
  }, []);
  if (operator === null) return <SignIn said={said} onKey={(api, name) => setOperator({ api, name })} />;
  return <Inside operator={operator} signOut={signOut} />;
}

function Inside({ operator, signOut }: { readonly operator: Operator; readonly signOut: (why: string) => void }) {
  const view = useView();
  const [hours, setHours] = useState(1);
  const [isPaused, setPaused] = useState(false);
  const state = useMemo<Dashboard>(
    () => ({
      api: operator.api,
      isPaused,
      hours,
      from: () => new Date(Date.now() - hours * HOUR_MILLISECONDS).toISOString(),
      act: (reason) => ({ reason, ...(operator.name !== '' && { operator: operator.name }) }),
      onKeyRefused: () => signOut('The key is not accepted any more.'),
    }),
    [operator, isPaused, hours, signOut],
  );
  const Shown = views[view];
  return (
    <DashboardContext value={state}>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header>
        <p className="brand">Latchkey dashboard</p>
        <Navigation view={view} />
        <select aria-label="Period" value={hours} onChange={({ target }) => setHours(Number(target.value))}>
          {Object.entries(periods).map(([each, name]) => (
            <option key={each} value={each}>
              {name}
            </option>
          ))}
        </select>
        <button type="button" aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
          Pause
        </button>
        <button type="button" className="link" onClick={() => signOut('Signed out. The key is forgotten here.')}>
          Sign out
        </button>
      </header>
      <main id="content" className="dashboard" tabIndex={-1}>
        <h1>{names[view]}</h1>
        <Shown />
      </main>
    </DashboardContext>
  );
}

function Navigation({ view }: { readonly view: View }) {
  return (
    <nav aria-label="Views">
      <ul>
        {Object.entries(names).map(([each, name]) => (
          <li key={each}>
            <a href={`#/${each}`} {...(each === view && { 'aria-current': 'page' as const })}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** By the address's fragment, which no server is told. */
function useView(): View {
  const [view, setView] = useState<View>(viewOf);
  useEffect(() => {
    const follow = () => location.hash !== '#content' && setView(viewOf());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  useEffect(() => {
    document.title = `${names[view]} · Latchkey dashboard`;
  }, [view]);
  return view;
}

function viewOf(): View {
  const name = location.hash.slice(2);
  return Object.hasOwn(views, name) ? (name as View) : 'messages';
}
