// What is kept about the person: a copy of it, and the end of it.
import { useState } from 'react';
import { useApp } from '../state/context.ts';
import { useWork } from '../state/use-work.ts';
import { Check } from '../ui/fields.tsx';
import { Form, Send } from '../ui/form.tsx';
import { saveFile } from '../ui/save-file.ts';
import { Disclosed, Section } from '../ui/section.tsx';
import { AccountPage } from './account-page.tsx';

export function Data() {
  const { t } = useApp();
  const [said, setSaid] = useState<string>();
  return (
    <AccountPage title={t('title.data')}>
      <Export />
      <Section title={t('delete')} said={said}>
        <p>{t('delete.text')}</p>
        <Disclosed label={t('delete')} onSaid={setSaid} form={() => <DeleteForm />} />
      </Section>
    </AccountPage>
  );
}

function Export() {
  const { latchkey, t, guarded, settings } = useApp();
  const work = useWork();
  const save = async () => {
    const held = await guarded(() => latchkey.exportAccount());
    saveFile(`${settings.appName.toLowerCase()}-account.json`, 'application/json', JSON.stringify(held, undefined, 2));
  };
  return (
    <Section title={t('export')}>
      <p>{t('export.text')}</p>
      <Form work={work} onSend={save}>
        <Send busy={work.busy} label={t('download')} />
      </Form>
    </Section>
  );
}

function DeleteForm() {
  const { latchkey, t, guarded, setUser, go } = useApp();
  const work = useWork();
  const [isSure, setSure] = useState(false);
  const erase = async () => {
    await guarded(() => latchkey.deleteAccount());
    setUser(null);
    go('/login', t('deleted'));
  };
  return (
    <Form work={work} onSend={erase}>
      <Check label={t('delete.confirm')} checked={isSure} onChecked={setSure} required />
      <Send busy={work.busy} label={t('delete')} danger />
    </Form>
  );
}
