// Devices that need the password only.
import { useCallback } from 'react';
import { useApp } from '../state/context.ts';
import { useList } from '../state/use-list.ts';
import { useWork } from '../state/use-work.ts';
import { RowList } from '../ui/row-list.tsx';
import { Section } from '../ui/section.tsx';

export function TrustedDevices() {
  const { latchkey, t } = useApp();
  const work = useWork();
  const read = useCallback(() => latchkey.trustedDevices(), [latchkey]);
  const { items, reload } = useList(work, read);
  const end = (id: string) =>
    void work.run(async () => {
      await latchkey.endTrustedDevice(id);
      await reload();
    });
  return (
    <Section title={t('devices')} problem={work.problem.text}>
      {items?.length === 0 && <p>{t('devices.none')}</p>}
      {items !== undefined && items.length > 0 && <RowList rows={items} onEnd={end} label={t('devices')} />}
    </Section>
  );
}
