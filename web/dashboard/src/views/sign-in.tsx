// Asks for the key of a client app with scope admin, and tries it before anything is shown.
import { useState } from 'react';
import { Form, Said, Send } from '../../../src/ui/form.tsx';
import { AdminApi, AdminError } from '../state/admin-api.ts';
import { useWork } from '../state/use-work.ts';
import { Field } from '../ui/field.tsx';

interface SignInProps {
  readonly said: string | undefined;
  readonly onKey: (api: AdminApi, name: string) => void;
}

export function SignIn({ said, onKey }: SignInProps) {
  const work = useWork();
  const [key, setKey] = useState('');
  const [name, setName] = useState('');
  const open = async () => {
    const api = await tried(key.trim());
    onKey(api, name.trim());
  };
  return (
    <>
      <header>
        <p className="brand">Latchkey dashboard</p>
      </header>
      <main>
        <h1>Operator’s key</h1>
        <Said text={said} />
        <Form work={work} onSend={open}>
          <Field
            label="Key"
            type="password"
            required
            value={key}
            onValue={setKey}
            hint="Of a client app with scope admin: npm run cli -- clients create --client-id ops --scope admin. It stays in this tab’s memory; a reload forgets it."
          />
          <Field
            label="Your name"
            value={name}
            onValue={setName}
            hint="Goes to the audit log with what you do; proves nothing."
          />
          <Send busy={work.busy} label="Open" />
        </Form>
      </main>
    </>
  );
}

/** @throws AdminError in words about the key */
async function tried(key: string): Promise<AdminApi> {
  // What no header can hold is no key of ours.
  if (!/^[!-~]+$/.test(key)) throw new AdminError('token_invalid', 'This is not a key.');
  const api = new AdminApi(key);
  try {
    await api.alarms();
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    const words: Readonly<Record<string, string>> = {
      token_invalid: 'This key is not accepted: it is wrong, or its client app is disabled or deleted.',
      insufficient_scope: 'This key does not have the scope admin.',
    };
    throw new AdminError(error.code, words[error.code] ?? error.message);
  }
  return api;
}
