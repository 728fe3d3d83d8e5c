// Password, then the code: two steps at one address, so that Back leads out of both.
import { type Challenge, LatchkeyError } from '@latchkey/client';
import { useCallback, useState } from 'react';
import { useApp } from '../state/context.ts';
import { useWork } from '../state/use-work.ts';
import { CodeEntry, type Entered } from '../ui/code-entry.tsx';
import { PasswordField } from '../ui/fields.tsx';
import { Form, Send } from '../ui/form.tsx';
import { Link } from '../ui/link.tsx';
import { Page } from '../ui/page.tsx';
import { useIdentifier } from './identifier-field.tsx';
import { useAfterSignIn } from './use-arrival.ts';

export function Login() {
  const { latchkey, t, settings } = useApp();
  const [challenge, setChallenge] = useState<Challenge>();
  const { returningTo, arrive } = useAfterSignIn();
  if (returningTo !== undefined) return <Page title={t('title.login')}>{t('returning', { app: returningTo })}</Page>;
  if (challenge !== undefined) {
    const verify = async ({ method, ...rest }: Entered) => arrive(await latchkey.verify({ ...rest, method }));
    return (
      <Page title={t('title.code')} key="code">
        <CodeEntry challenge={challenge} onCode={verify} onRestart={() => setChallenge(undefined)} offersTrust />
      </Page>
    );
  }
  return (
    <Page title={t('title.login')} key="password">
      <PasswordStep onChallenge={setChallenge} onSignedIn={arrive} />
      {settings.registration !== 'closed' && (
        <p>
          <Link to="/register">{t('register.switch')}</Link>
        </p>
      )}
    </Page>
  );
}

interface PasswordStepProps {
  readonly onChallenge: (challenge: Challenge) => void;
  readonly onSignedIn: ReturnType<typeof useAfterSignIn>['arrive'];
}

function PasswordStep({ onChallenge, onSignedIn }: PasswordStepProps) {
  const { latchkey, t, go } = useApp();
  const [password, setPassword] = useState('');
  const mustReset = useCallback(
    (error: LatchkeyError) => {
      if (error.code !== 'password_change_required') return false;
      go('/forgot', t('error.password_change_required'));
      return true;
    },
    [go, t],
  );
  const work = useWork(mustReset);
  const identifier = useIdentifier(work.problem.fields['identifier']);
  const send = async () => {
    const step = await latchkey.login({ identifier: identifier.value, password });
    if (step.next === 'code') onChallenge(step.challenge);
    else onSignedIn(step.user);
  };
  return (
    <Form work={work} onSend={send}>
      {identifier.field}
      <PasswordField label={t('password')} value={password} onValue={setPassword} />
      <p className="choices">
        <Link to="/forgot">{t('login.forgot')}</Link>
      </p>
      <Send busy={work.busy} label={t('title.login')} />
    </Form>
  );
}
