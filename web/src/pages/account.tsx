// Who the person is to this server: name, number, e-mail address, and the language that messages are written in.
import { useState } from 'react';
import { useApp } from '../state/context.ts';
import { useWork } from '../state/use-work.ts';
import { Field } from '../ui/fields.tsx';
import { Form, Send } from '../ui/form.tsx';
import { Disclosed, Section } from '../ui/section.tsx';
import { isolated } from '../texts/texts.ts';
import { AccountPage } from './account-page.tsx';
import { EmailForm, PhoneForm } from './contact-forms.tsx';
import { TermsNotice } from './terms-notice.tsx';

export function Account() {
  const { t, user } = useApp();
  return (
    <AccountPage title={t('title.account')}>
      <p>{t('welcome', { name: isolated(user?.displayName ?? user?.phone ?? user?.email ?? '') })}</p>
      <TermsNotice />
      <Profile />
      <Phone />
      <Email />
    </AccountPage>
  );
}

function Profile() {
  const { latchkey, t, user, setUser, language } = useApp();
  const work = useWork();
  const [name, setName] = useState(user?.displayName ?? '');
  const [said, setSaid] = useState<string>();
  const save = async () => {
    setSaid(undefined);
    // Messages from now on in the language that these pages are read in.
    setUser(await latchkey.updateMe({ displayName: name.trim() === '' ? null : name.trim(), locale: language }));
    setSaid(t('saved'));
  };
  return (
    <Section title={t('profile')} said={said}>
      <Form work={work} onSend={save}>
        <Field
          label={t('name')}
          value={name}
          onValue={setName}
          complaint={work.problem.fields['displayName']}
          autoComplete="name"
        />
        <Send busy={work.busy} label={t('save')} />
      </Form>
    </Section>
  );
}

function Phone() {
  const { t, user } = useApp();
  const [said, setSaid] = useState<string>();
  return (
    <Section title={t('phone')} said={said}>
      <p className="value">
        <bdi dir="ltr">{user?.phone ?? t('none')}</bdi>
      </p>
      <Disclosed
        label={t('phone.change')}
        onSaid={setSaid}
        form={(_, done) => <PhoneForm onDone={() => done(t('phone.changed'))} />}
      />
    </Section>
  );
}

function Email() {
  const { latchkey, t, user, setUser, guarded } = useApp();
  const [said, setSaid] = useState<string>();
  const work = useWork();
  const remove = async () => {
    await guarded(() => latchkey.removeEmail());
    setUser(await latchkey.me());
    setSaid(t('saved'));
  };
  const hasOne = user !== null && user.email !== null;
  // An account without a number is named by its address: the server would refuse.
  const mayGo = hasOne && (user.phone !== null || !user.emailVerified);
  return (
    <Section title={t('email')} said={said} problem={work.problem.text}>
      <Address />
      <div className="choices">
        <Disclosed
          label={t(hasOne ? 'change' : 'add')}
          onSaid={setSaid}
          form={(_, done) => <EmailForm onDone={(isProved) => done(t(isProved ? 'email.changed' : 'saved'))} />}
        />
        {mayGo && (
          <button type="button" className="danger" onClick={() => void work.run(remove)}>
            {t('remove')}
          </button>
        )}
      </div>
    </Section>
  );
}

function Address() {
  const { t, user } = useApp();
  if (user === null || user.email === null) return <p className="value">{t('none')}</p>;
  return (
    <p className="value">
      <bdi>{user.email}</bdi>
      <span className="quiet"> ({t(user.emailVerified ? 'email.verified' : 'email.unverified')})</span>
    </p>
  );
}
