// The step between a button and what it does: what will happen, why it is done (for the audit log), and the button again by its name.
import { useEffect, useRef, useState } from 'react';
import { Form, Send } from '../../../src/ui/form.tsx';
import { useDashboard } from '../state/context.ts';
import { useWork } from '../state/use-work.ts';
import { Field } from '../ui/field.tsx';
import type { AccountAct } from './acts.ts';

interface ActDialogProps {
  readonly act: AccountAct;
  readonly id: string;
  readonly onCancel: () => void;
  readonly onDone: (challengeToken: string | undefined) => void;
}

export function ActDialog({ act, id, onCancel, onDone }: ActDialogProps) {
  const dashboard = useDashboard();
  const work = useWork();
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState('');
  const [phone, setPhone] = useState('');
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const run = async () => onDone(await act.run(dashboard.api, id, dashboard.act(reason.trim()), phone.trim()));
  return (
    <dialog ref={dialog} aria-labelledby="act" onCancel={onCancel}>
      <h2 id="act">{act.label}?</h2>
      <p>{act.consequence}</p>
      <p className="quiet">
        Account <code>{id}</code>
      </p>
      <Form work={work} onSend={run}>
        {act.asksPhone === true && (
          <Field
            label="New number"
            required
            value={phone}
            onValue={setPhone}
            hint="With its country: +1 202 555 0123"
          />
        )}
        <Field label="Reason" required value={reason} onValue={setReason} hint="For the audit log" />
        <Send busy={work.busy} label={act.label} danger={act.harms} />
      </Form>
      <p className="choices">
        <button type="button" className="link" onClick={onCancel}>
          Cancel
        </button>
      </p>
    </dialog>
  );
}
