// An authenticator app: its key as a picture and as text, shown once, then the app's first code.
import type { TotpEnrolment } from '@latchkey/client';
import { useEffect, useRef, useState } from 'react';
import { useApp } from '../state/context.ts';
import { useWork } from '../state/use-work.ts';
import { CodeField } from '../ui/code-field.tsx';
import { Copy } from '../ui/copy.tsx';
import { Form, Send } from '../ui/form.tsx';
import { Section } from '../ui/section.tsx';

export function TotpApp() {
  const { latchkey, t, user, setUser, guarded } = useApp();
  const work = useWork();
  const [enrolment, setEnrolment] = useState<TotpEnrolment>();
  const [said, setSaid] = useState<string>();
  const isOn = user?.secondFactors.includes('totp') === true;
  const refresh = async () => {
    setUser(await latchkey.me());
    setSaid(t('saved'));
  };
  const begin = async () => {
    setSaid(undefined);
    setEnrolment(await guarded(() => latchkey.enrolTotp()));
  };
  const remove = async () => {
    await guarded(() => latchkey.removeTotp());
    await refresh();
  };
  return (
    <Section title={t('totp')} said={said}>
      <p>{t(isOn ? 'totp.on' : 'totp.off')}</p>
      {enrolment === undefined ? (
        <Form work={work} onSend={isOn ? remove : begin}>
          <Send busy={work.busy} label={t(isOn ? 'totp.remove' : 'totp.add')} danger={isOn} />
        </Form>
      ) : (
        <Enrolling
          enrolment={enrolment}
          onDone={async () => {
            setEnrolment(undefined);
            await refresh();
          }}
          onCancel={() => setEnrolment(undefined)}
        />
      )}
    </Section>
  );
}

interface EnrollingProps {
  readonly enrolment: TotpEnrolment;
  readonly onDone: () => Promise<void>;
  readonly onCancel: () => void;
}

function Enrolling({ enrolment, onDone, onCancel }: EnrollingProps) {
  const { latchkey, t, guarded } = useApp();
  const work = useWork();
  const [code, setCode] = useState('');
  const { secret, otpauthUrl, qrSvg } = enrolment;
  const confirm = async () => {
    await guarded(() => latchkey.confirmTotp(code));
    await onDone();
  };
  return (
    <Form work={work} onSend={confirm}>
      <p>{t('totp.scan')}</p>
      <Picture svg={qrSvg} label={t('totp.qr')} />
      <dl>
        <dt>{t('totp.key')}</dt>
        <dd>
          <code dir="ltr">{secret}</code> <Copy text={secret} />
        </dd>
      </dl>
      <p>
        <a href={otpauthUrl}>{t('totp.open')}</a>
      </p>
      <CodeField
        label={t('totpCode')}
        code={code}
        onCode={setCode}
        length={6}
        autoComplete="off"
        complaint={work.problem.fields['code']}
      />
      <div className="choices">
        <Send busy={work.busy} label={t('continue')} />
        <button type="button" className="link" onClick={onCancel}>
          {t('cancel')}
        </button>
      </div>
    </Form>
  );
}

/** Read as a picture and taken over as one: nothing in it could run, and the policy would not let it. */
function Picture({ svg, label }: { readonly svg: string; readonly label: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { documentElement } = new DOMParser().parseFromString(svg, 'image/svg+xml');
    documentElement.setAttribute('aria-hidden', 'true');
    place.current?.replaceChildren(document.importNode(documentElement, true));
  }, [svg]);
  return <div ref={place} className="qr" role="img" aria-label={label} />;
}
