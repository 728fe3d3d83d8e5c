// A link within these pages: an ordinary one, so that a new tab works, which is shown without loading everything again.
import type { MouseEvent, ReactNode } from 'react';
import { useApp } from '../state/context.ts';

interface LinkProps {
  readonly to: string;
  readonly current?: boolean;
  readonly children: ReactNode;
}

export function Link({ to, current = false, children }: LinkProps) {
  const { go } = useApp();
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={`${to}${location.search}`} onClick={follow} {...(current ? { 'aria-current': 'page' as const } : {})}>
      {children}
    </a>
  );
}
