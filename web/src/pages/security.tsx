// What a sign-in takes: password, authenticator app, recovery codes, devices that need no code.
import { useState } from 'react';
import { useApp } from '../state/context.ts';
import { useWork } from '../state/use-work.ts';
import { PasswordField } from '../ui/fields.tsx';
import { Form, Send } from '../ui/form.tsx';
import { Disclosed, Section } from '../ui/section.tsx';
import { AccountPage } from './account-page.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { TotpApp } from './totp-app.tsx';
import { TrustedDevices } from './trusted-devices.tsx';

export function Security() {
  const { t } = useApp();
  return (
    <AccountPage title={t('title.security')}>
      <Password />
      <TotpApp />
      <RecoveryCodes />
      <TrustedDevices />
    </AccountPage>
  );
}

function Password() {
  const { t } = useApp();
  const [said, setSaid] = useState<string>();
  return (
    <Section title={t('password')} said={said}>
      <Disclosed
        label={t('password.change')}
        onSaid={setSaid}
        form={(_, done) => <PasswordForm onDone={() => done(t('password.changed'))} />}
      />
    </Section>
  );
}

function PasswordForm({ onDone }: { readonly onDone: () => void }) {
  const { latchkey, t, guarded } = useApp();
  const work = useWork();
  const [currentPassword, setCurrent] = useState('');
  const [newPassword, setNew] = useState('');
  const send = async () => {
    await guarded(() => latchkey.changePassword({ currentPassword, newPassword }));
    onDone();
  };
  return (
    <Form work={work} onSend={send}>
      <PasswordField label={t('password.current')} value={currentPassword} onValue={setCurrent} />
      <PasswordField
        label={t('password.new')}
        value={newPassword}
        onValue={setNew}
        complaint={work.problem.fields['newPassword']}
        isNew
      />
      <Send busy={work.busy} label={t('save')} />
    </Form>
  );
}
