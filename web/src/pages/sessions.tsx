// Where the person is signed in, and the end of that, here or there.
import { useCallback, useState } from 'react';
import { useApp } from '../state/context.ts';
import { useList } from '../state/use-list.ts';
import { useWork } from '../state/use-work.ts';
import { Form, Said, Send } from '../ui/form.tsx';
import { RowList } from '../ui/row-list.tsx';
import { AccountPage } from './account-page.tsx';

export function Sessions() {
  const { latchkey, t, guarded } = useApp();
  const work = useWork();
  const [said, setSaid] = useState<string>();
  const read = useCallback(() => latchkey.sessions(), [latchkey]);
  const { items, reload } = useList(work, read);
  const endBy = (end: () => Promise<void>) => async () => {
    setSaid(undefined);
    await guarded(end);
    await reload();
    setSaid(t('sessions.ended'));
  };
  const others = items?.some(({ current }) => !current) === true;
  return (
    <AccountPage title={t('title.sessions')}>
      <Said text={said} />
      {items !== undefined && (
        <RowList
          rows={items}
          label={t('title.sessions')}
          onEnd={(id) => void work.run(endBy(() => latchkey.endSession(id)))}
        />
      )}
      <Form work={work} onSend={endBy(() => latchkey.endOtherSessions())}>
        {others && <Send busy={work.busy} label={t('sessions.others')} />}
      </Form>
    </AccountPage>
  );
}
