// Who the person is to this server. (Later: changing it.)
import { useApp } from '../state/context.ts';
import { AccountPage } from './account-page.tsx';

export function Account() {
  const { t, user } = useApp();
  return (
    <AccountPage title={t('title.account')}>
      <p>{t('welcome', { name: user?.displayName ?? user?.phone ?? '' })}</p>
    </AccountPage>
  );
}
