// Finds an account by number, e-mail address or id, and shows the one that is chosen.
import { useState } from 'react';
import { Form, Send } from '../../../src/ui/form.tsx';
import type { Account, Sought } from '../state/admin-api.ts';
import { useDashboard } from '../state/context.ts';
import { useWork } from '../state/use-work.ts';
import { Field } from '../ui/field.tsx';
import { Table } from '../ui/table.tsx';
import { momentText } from '../ui/words.ts';
import { AccountView } from './account.tsx';

export function Accounts() {
  const { api } = useDashboard();
  const work = useWork();
  const [sought, setSought] = useState('');
  const [found, setFound] = useState<readonly Account[]>();
  const [chosen, setChosen] = useState<string>();
  const find = async () => {
    setChosen(undefined);
    const items = await api.find(soughtOf(sought.trim()));
    setFound(items);
    if (items.length === 1) setChosen(items[0]?.id);
  };
  return (
    <>
      <div className="inline">
        <Form work={work} onSend={find}>
          <Field
            label="Number, e-mail address or id"
            required
            value={sought}
            onValue={setSought}
            hint="A number with its country, such as +1 202 555 0123"
          />
          <Send busy={work.busy} label="Find" />
        </Form>
      </div>
      <p role="status" className="quiet">
        {found !== undefined && (found.length === 0 ? 'There is no such account.' : `${found.length} found.`)}
      </p>
      {found !== undefined && found.length > 1 && (
        <Table
          label="Accounts found"
          heads={['Account', 'Number', 'Status', 'Since']}
          none=""
          rows={found.map(rowOf)}
        />
      )}
      {chosen !== undefined && <AccountView key={chosen} id={chosen} />}
    </>
  );

  function rowOf({ id, phone, status, createdAt }: Account) {
    const choose = (
      <button key="choose" type="button" className="link" onClick={() => setChosen(id)}>
        {id}
      </button>
    );
    return { key: id, cells: [choose, phone ?? '–', status, momentText(createdAt)] };
  }
}

function soughtOf(text: string): Sought {
  if (text.includes('@')) return { email: text };
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? { id: text } : { phone: text };
}
