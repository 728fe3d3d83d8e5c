// A form that runs one thing, tells what went wrong above its fields, and takes the eye and the reader there.
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import type { Work } from '../state/use-work.ts';

interface FormProps {
  readonly work: Work;
  readonly onSend: () => Promise<void>;
  readonly children: ReactNode;
}

export function Form({ work, onSend, children }: FormProps) {
  const send = (event: FormEvent) => {
    event.preventDefault();
    void work.run(onSend);
  };
  return (
    <form onSubmit={send} aria-busy={work.busy}>
      <Problem text={work.problem.text} />
      {children}
    </form>
  );
}

/** What went wrong: announced at once, and focused so that the next Tab leads to the fields. */
export function Problem({ text }: { readonly text: string }) {
  const place = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (text !== '') place.current?.focus();
  }, [text]);
  if (text === '') return null;
  return (
    <p role="alert" className="problem" tabIndex={-1} ref={place}>
      {text}
    </p>
  );
}

/** What went well. */
export function Said({ text }: { readonly text: string | undefined }) {
  return (
    <p role="status" className={text ? 'said' : 'unseen'}>
      {text}
    </p>
  );
}

interface SendProps {
  readonly busy: boolean;
  readonly label: string;
  readonly danger?: boolean;
}

/** Stays focusable while busy: a button that is disabled under the focus loses it. */
export function Send({ busy, label, danger = false }: SendProps) {
  return (
    <button type="submit" className={danger ? 'main danger' : 'main'} aria-disabled={busy}>
      {label}
      {busy && <span className="busy" aria-hidden="true" />}
    </button>
  );
}
