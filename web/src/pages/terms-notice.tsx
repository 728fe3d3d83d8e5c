// Terms that have changed since the person accepted them.
import { useEffect, useState } from 'react';
import { useApp } from '../state/context.ts';
import { useWork } from '../state/use-work.ts';
import { Form, Send } from '../ui/form.tsx';

export function TermsNotice() {
  const { latchkey, t, settings } = useApp();
  const work = useWork();
  const [accepted, setAccepted] = useState<string | null>();
  const wanted = settings.termsVersion;
  useEffect(() => {
    if (wanted === null) return;
    // Asked again at the next visit when it cannot be found out now.
    latchkey.terms().then(
      ({ acceptedVersion }) => setAccepted(acceptedVersion),
      () => undefined,
    );
  }, [latchkey, wanted]);
  if (wanted === null || accepted === undefined || accepted === wanted) return null;
  const accept = async () => {
    await latchkey.acceptTerms(wanted);
    setAccepted(wanted);
  };
  return (
    <Form work={work} onSend={accept}>
      <p>{t('terms.changed', { version: wanted })}</p>
      <Send busy={work.busy} label={t('terms.accept')} />
    </Form>
  );
}
