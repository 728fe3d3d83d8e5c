// The frame of every page: its name in the tab, its heading (focused when the person came from another page), what is to be said.
import { type ReactNode, useEffect, useRef } from 'react';
import { useApp } from '../state/context.ts';
import { Said } from './form.tsx';

interface PageProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly wide?: boolean;
}

let isFirst = true;

export function Page({ title, children, wide = false }: PageProps) {
  const { settings, said } = useApp();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${settings.appName}`;
    if (!isFirst) heading.current?.focus();
    isFirst = false;
  }, [title, settings.appName]);
  return (
    <main id="content" className={wide ? 'wide' : undefined}>
      <h1 tabIndex={-1} ref={heading}>
        {title}
      </h1>
      <Said text={said} />
      {children}
    </main>
  );
}
