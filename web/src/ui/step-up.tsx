// Asks for the password and a code once more, over the page that needs it; afterwards that page goes on by itself.
import type { Challenge } from '@latchkey/client';
import { useEffect, useRef, useState } from 'react';
import { useApp } from '../state/context.ts';
import { useWork } from '../state/use-work.ts';
import { CodeEntry, type Entered } from './code-entry.tsx';
import { PasswordField } from './fields.tsx';
import { Form, Send } from './form.tsx';

interface StepUpProps {
  readonly onDone: () => void;
  readonly onCancel: () => void;
}

export function StepUp({ onDone, onCancel }: StepUpProps) {
  const { latchkey, t } = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  const work = useWork();
  const [password, setPassword] = useState('');
  const [challenge, setChallenge] = useState<Challenge>();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    // It is taken away rather than closed, so nobody else gives the focus back.
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const verify = async ({ challengeToken, code, method }: Entered) => {
    await latchkey.verify({ challengeToken, code, method });
    onDone();
  };
  return (
    <dialog ref={dialog} aria-labelledby="step-up" onCancel={onCancel} onClose={onCancel}>
      <h2 id="step-up">{t('stepup')}</h2>
      {challenge === undefined ? (
        <Form work={work} onSend={async () => setChallenge(await latchkey.stepUp(password))}>
          <p>{t('stepup.text')}</p>
          <PasswordField label={t('password')} value={password} onValue={setPassword} />
          <Send busy={work.busy} label={t('continue')} />
        </Form>
      ) : (
        <CodeEntry challenge={challenge} onCode={verify} onRestart={() => setChallenge(undefined)} />
      )}
      <p className="choices">
        <button type="button" className="link" onClick={onCancel}>
          {t('cancel')}
        </button>
      </p>
    </dialog>
  );
}
