// Codes for the day when phone and app are gone: how many are left, and a new set, shown once.
import { useEffect, useState } from 'react';
import { useApp } from '../state/context.ts';
import { useWork } from '../state/use-work.ts';
import { Copy } from '../ui/copy.tsx';
import { Form, Send } from '../ui/form.tsx';
import { saveFile } from '../ui/save-file.ts';
import { Section } from '../ui/section.tsx';

export function RecoveryCodes() {
  const { latchkey, t, setUser, guarded } = useApp();
  const work = useWork();
  const [left, setLeft] = useState<number>();
  const [codes, setCodes] = useState<readonly string[]>();
  const { run } = work;
  useEffect(() => {
    void run(async () => setLeft(await latchkey.recoveryCodesLeft()));
  }, [latchkey, run]);
  const make = async () => {
    const made = await guarded(() => latchkey.makeRecoveryCodes());
    setCodes(made);
    setLeft(made.length);
    setUser(await latchkey.me());
  };
  return (
    <Section title={t('codes')}>
      <p>{t('codes.text')}</p>
      {left !== undefined && <p>{t('codes.left', { count: left })}</p>}
      {codes !== undefined && <Shown codes={codes} />}
      <Form work={work} onSend={make}>
        <Send busy={work.busy} label={t('codes.make')} />
      </Form>
    </Section>
  );
}

function Shown({ codes }: { readonly codes: readonly string[] }) {
  const { t, settings } = useApp();
  const text = codes.join('\n');
  const save = () => saveFile(`${settings.appName.toLowerCase()}-recovery-codes.txt`, 'text/plain', `${text}\n`);
  return (
    <>
      <p role="status">{t('codes.once')}</p>
      <ul className="codes" dir="ltr">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <p className="choices">
        <Copy text={text} />
        <button type="button" className="link" onClick={save}>
          {t('download')}
        </button>
      </p>
    </>
  );
}
