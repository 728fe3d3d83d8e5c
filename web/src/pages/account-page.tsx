// The frame of the pages of somebody who is signed in: the ways between them, and out.
import type { ReactNode } from 'react';
import { useApp } from '../state/context.ts';
import { Link } from '../ui/link.tsx';
import { Page } from '../ui/page.tsx';

const places = [
  ['/account', 'nav.account'],
  ['/account/security', 'title.security'],
  ['/account/sessions', 'title.sessions'],
  ['/account/data', 'title.data'],
] as const;

export function AccountPage({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const { t, path } = useApp();
  return (
    <div className="account">
      <nav aria-label={t('title.account')}>
        <ul>
          {places.map(([to, key]) => (
            <li key={to}>
              <Link to={to} current={path === to}>
                {t(key)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Page title={title} wide>
        {children}
      </Page>
    </div>
  );
}
