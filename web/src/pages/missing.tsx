// An address that none of the pages has; the server answers such a one with 404 itself, so this is for links gone wrong inside.
import { useApp } from '../state/context.ts';
import { Link } from '../ui/link.tsx';
import { Page } from '../ui/page.tsx';

export function Missing() {
  const { t } = useApp();
  return (
    <Page title={t('title.missing')}>
      <p>{t('missing.text')}</p>
      <p>
        <Link to="/">{t('nav.account')}</Link>
      </p>
    </Page>
  );
}
