// Codes of the other factors that an account has, asked for when the server has said which: the one by e-mail, and one of app and
// recovery codes.
import { type ReactNode, useCallback, useState } from 'react';
import { useApp } from '../state/context.ts';
import { CodeField } from '../ui/code-field.tsx';

const APP_DIGITS = 6;

interface MoreFactors {
  /** @param methods as the server names them; what was asked for before stays */
  readonly ask: (methods: readonly string[]) => void;
  readonly given: { readonly totpCode?: string; readonly recoveryCode?: string; readonly emailCode?: string };
  readonly fields: ReactNode;
}

/** @param codeLength of codes by message, which those by e-mail mostly have as well; null where it is not known */
export function useMoreFactors(codeLength: number | null): MoreFactors {
  const { t } = useApp();
  const [asked, setAsked] = useState<readonly string[]>([]);
  const [email, setEmail] = useState('');
  const own = useOwnCode(asked);
  const ask = useCallback(
    (methods: readonly string[]) => setAsked((before) => [...new Set([...before, ...methods])]),
    [],
  );
  const byEmail = asked.includes('email');
  const fields = asked.length > 0 && (
    <fieldset>
      <legend>{t('reset.more')}</legend>
      {byEmail && (
        <CodeField label={t('emailCode')} code={email} onCode={setEmail} length={codeLength} autoComplete="off" />
      )}
      {own.field}
    </fieldset>
  );
  return { ask, given: { ...(byEmail ? { emailCode: email } : {}), ...own.given }, fields };
}

const ways = {
  app: { label: 'totpCode', kind: 'digits', other: 'use.recovery', name: 'totpCode' },
  recovery: { label: 'recovery', kind: 'letters', other: 'use.totp', name: 'recoveryCode' },
} as const;

/** Of the app, or in its place a recovery code. */
function useOwnCode(asked: readonly string[]): { given: MoreFactors['given']; field: ReactNode } {
  const { t } = useApp();
  const [code, setCode] = useState('');
  const [prefersRecovery, setPrefersRecovery] = useState(false);
  const hasApp = asked.includes('totp');
  const hasCodes = asked.includes('recovery_code');
  if (!hasApp && !hasCodes) return { given: {}, field: null };
  const { label, kind, other, name } = ways[hasCodes && (prefersRecovery || !hasApp) ? 'recovery' : 'app'];
  const change = () => {
    setCode('');
    setPrefersRecovery(!prefersRecovery);
  };
  const field = (
    <>
      <CodeField label={t(label)} code={code} onCode={setCode} kind={kind} length={APP_DIGITS} autoComplete="off" />
      {hasApp && hasCodes && (
        <button type="button" className="link" onClick={change}>
          {t(other)}
        </button>
      )}
    </>
  );
  return { given: { [name]: code }, field };
}
