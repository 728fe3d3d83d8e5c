// A new number or address: named, after a fresh sign-in, then proved by the code that goes there.
import type { Challenge } from '@latchkey/client';
import { useState } from 'react';
import { useApp } from '../state/context.ts';
import { useWork } from '../state/use-work.ts';
import { CodeEntry, type Entered } from '../ui/code-entry.tsx';
import { Field } from '../ui/fields.tsx';
import { Form, Send } from '../ui/form.tsx';
import { PhoneField, usePhone } from '../ui/phone-field.tsx';

export function PhoneForm({ onDone }: { readonly onDone: () => void }) {
  const { latchkey, t, guarded, setUser } = useApp();
  const work = useWork();
  const { phone, setPhone, number } = usePhone();
  const [challenge, setChallenge] = useState<Challenge>();
  const confirm = async ({ challengeToken, code }: Entered) => {
    setUser(await latchkey.confirmPhone({ challengeToken, code }));
    onDone();
  };
  if (challenge !== undefined) {
    return <CodeEntry challenge={challenge} onCode={confirm} onRestart={() => setChallenge(undefined)} />;
  }
  return (
    <Form work={work} onSend={async () => setChallenge(await guarded(() => latchkey.changePhone(number)))}>
      <PhoneField label={t('phone.new')} phone={phone} onPhone={setPhone} complaint={work.problem.fields['phone']} />
      <Send busy={work.busy} label={t('continue')} />
    </Form>
  );
}

/** @param onDone told whether the address is proved: a server without mail only notes it */
export function EmailForm({ onDone }: { readonly onDone: (isProved: boolean) => void }) {
  const { latchkey, t, guarded, setUser } = useApp();
  const work = useWork();
  const [email, setEmail] = useState('');
  const [challenge, setChallenge] = useState<Challenge>();
  const confirm = async ({ challengeToken, code }: Entered) => {
    setUser(await latchkey.confirmEmail({ challengeToken, code }));
    onDone(true);
  };
  if (challenge !== undefined) {
    return <CodeEntry challenge={challenge} onCode={confirm} onRestart={() => setChallenge(undefined)} />;
  }
  const send = async () => {
    const answer = await guarded(() => latchkey.changeEmail(email.trim()));
    if ('challengeToken' in answer) return setChallenge(answer);
    setUser(answer);
    onDone(false);
  };
  return (
    <Form work={work} onSend={send}>
      <Field
        label={t('email')}
        value={email}
        onValue={setEmail}
        complaint={work.problem.fields['email']}
        required
        type="email"
        autoComplete="email"
        dir="ltr"
      />
      <Send busy={work.busy} label={t('continue')} />
    </Form>
  );
}
