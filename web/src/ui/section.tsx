// One thing of the account: what it is now, what may be done with it, and, once begun, the form that does it.
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useApp } from '../state/context.ts';
import { Problem, Said } from './form.tsx';

interface SectionProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly said?: string | undefined;
  readonly problem?: string;
}

export function Section({ title, children, said, problem = '' }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <Said text={said} />
      <Problem text={problem} />
      {children}
    </section>
  );
}

interface DisclosedProps {
  readonly label: string;
  /** @param close ends the form. @param done the same, saying what came of it */
  readonly form: (close: () => void, done: (said: string) => void) => ReactNode;
  readonly onSaid: (said: string | undefined) => void;
}

/** A button that opens a form in its place; when the form is closed the focus is on the button again. */
export function Disclosed({ label, form, onSaid }: DisclosedProps) {
  const { t } = useApp();
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    if (isOpen) place.current?.querySelector<HTMLElement>('input, button')?.focus();
    else if (wasOpen.current) button.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  const close = () => setOpen(false);
  if (!isOpen) {
    const open = () => {
      onSaid(undefined);
      setOpen(true);
    };
    return (
      <button type="button" ref={button} onClick={open}>
        {label}
      </button>
    );
  }
  const done = (said: string) => {
    onSaid(said);
    close();
  };
  return (
    <div ref={place}>
      {form(close, done)}
      <button type="button" className="link" onClick={close}>
        {t('cancel')}
      </button>
    </div>
  );
}
