// Who somebody is: a mobile number, or instead of it a proved e-mail address.
import { useState } from 'react';
import { useApp } from '../state/context.ts';
import { Field } from '../ui/fields.tsx';
import { PhoneField, usePhone } from '../ui/phone-field.tsx';

export interface Identifier {
  /** What is sent. */
  readonly value: string;
  readonly field: React.ReactNode;
}

export function useIdentifier(complaint?: string): Identifier {
  const { t } = useApp();
  const { phone, setPhone, number } = usePhone();
  const [email, setEmail] = useState('');
  const [byEmail, setByEmail] = useState(false);
  const field = (
    <>
      {byEmail ? (
        <Field
          label={t('email')}
          value={email}
          onValue={setEmail}
          complaint={complaint}
          required
          type="email"
          autoComplete="username"
          dir="ltr"
        />
      ) : (
        <PhoneField label={t('phone')} phone={phone} onPhone={setPhone} complaint={complaint} autoComplete="username" />
      )}
      <p className="choices">
        <button type="button" className="link" onClick={() => setByEmail(!byEmail)}>
          {t(byEmail ? 'phone.use' : 'email.use')}
        </button>
      </p>
    </>
  );
  return { value: byEmail ? email.trim() : number, field };
}
