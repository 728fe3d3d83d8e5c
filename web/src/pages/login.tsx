// The first step of a login: identifier and password.
import { LatchkeyError } from '@latchkey/client';
import { useCallback, useState } from 'react';
import { useApp } from '../state/context.ts';
import { useWork } from '../state/use-work.ts';
import { PasswordField } from '../ui/fields.tsx';
import { Form, Send } from '../ui/form.tsx';
import { Link } from '../ui/link.tsx';
import { useIdentifier } from './identifier-field.tsx';
import { type FirstStepProps, SignIn } from './sign-in.tsx';

export function Login() {
  const { t, settings } = useApp();
  const firstStep = (props: FirstStepProps) => (
    <>
      <PasswordStep {...props} />
      {settings.registration !== 'closed' && (
        <p>
          <Link to="/register">{t('register.switch')}</Link>
        </p>
      )}
    </>
  );
  return <SignIn title={t('title.login')} firstStep={firstStep} />;
}

function PasswordStep({ onChallenge, onSignedIn }: FirstStepProps) {
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
