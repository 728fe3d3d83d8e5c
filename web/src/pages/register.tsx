// The first step of a registration: a number, a password, and what this server asks for besides: an invitation, consent to its terms.
import { useState } from 'react';
import { useApp } from '../state/context.ts';
import { useWork } from '../state/use-work.ts';
import { Check, Field, PasswordField } from '../ui/fields.tsx';
import { Form, Send } from '../ui/form.tsx';
import { Link } from '../ui/link.tsx';
import { PhoneField, usePhone } from '../ui/phone-field.tsx';
import { type FirstStepProps, SignIn } from './sign-in.tsx';

export function Register() {
  const { t, settings } = useApp();
  const firstStep = (props: FirstStepProps) => (
    <>
      {settings.registration === 'closed' ? <p>{t('register.closed')}</p> : <Details {...props} />}
      <p>
        <Link to="/login">{t('login.switch')}</Link>
      </p>
    </>
  );
  return <SignIn title={t('title.register')} firstStep={firstStep} />;
}

function Details({ onChallenge }: FirstStepProps) {
  const { latchkey, t } = useApp();
  const work = useWork();
  const { phone, setPhone, number } = usePhone();
  const [password, setPassword] = useState('');
  const [name, setName] = useState('');
  const { fields } = work.problem;
  const asked = useAskedBesides(fields['inviteToken']);
  const send = async () => {
    const displayName = name.trim();
    const given = { ...asked.given, ...(displayName === '' ? {} : { displayName }) };
    onChallenge(await latchkey.register({ phone: number, password, ...given }));
  };
  return (
    <Form work={work} onSend={send}>
      <PhoneField label={t('phone')} phone={phone} onPhone={setPhone} complaint={fields['phone']} />
      <PasswordField
        label={t('password')}
        value={password}
        onValue={setPassword}
        complaint={fields['password']}
        isNew
      />
      <Field label={t('name')} value={name} onValue={setName} complaint={fields['displayName']} autoComplete="name" />
      {asked.fields}
      <Send busy={work.busy} label={t('title.register')} />
    </Form>
  );
}

/** What this server wants of newcomers besides: an invitation, consent to its terms. */
function useAskedBesides(complaint: string | undefined) {
  const { t, settings, ...app } = useApp();
  const [invite, setInvite] = useState(app.invite ?? '');
  const [accepts, setAccepts] = useState(false);
  const { termsVersion, registration } = settings;
  const inviteToken = invite.trim();
  const given = {
    ...(inviteToken === '' ? {} : { inviteToken }),
    ...(termsVersion === null ? {} : { termsVersion }),
  };
  const fields = (
    <>
      {(registration === 'invite' || app.invite !== null) && (
        <Field label={t('invite')} value={invite} onValue={setInvite} complaint={complaint} required dir="ltr" />
      )}
      {termsVersion !== null && (
        <Check label={t('terms', { version: termsVersion })} checked={accepts} onChecked={setAccepts} required />
      )}
    </>
  );
  return { given, fields };
}
