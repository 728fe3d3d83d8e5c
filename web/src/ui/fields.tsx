// Fields with their label, hint and complaint, tied together for those who do not see the page.
import { type InputHTMLAttributes, type ReactNode, useId, useState } from 'react';
import { useApp } from '../state/context.ts';

type Input = Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'>;

export interface FieldProps extends Input {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly hint?: string | undefined;
  readonly complaint?: string | undefined;
  /** Stands beside the input. */
  readonly beside?: ReactNode;
}

export function Field({ label, value, onValue, hint, complaint, beside, ...input }: FieldProps) {
  const id = useId();
  const { t } = useApp();
  const told = [hint && `${id}-hint`, complaint && `${id}-complaint`].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {input.required !== true && <span className="quiet"> ({t('optional')})</span>}
      </label>
      <div className="beside">
        <input
          {...input}
          id={id}
          value={value}
          onChange={({ target }) => onValue(target.value)}
          aria-invalid={complaint ? true : undefined}
          aria-describedby={told || undefined}
        />
        {beside}
      </div>
      {hint && (
        <p id={`${id}-hint`} className="quiet">
          {hint}
        </p>
      )}
      {complaint && (
        <p id={`${id}-complaint`} className="complaint">
          {complaint}
        </p>
      )}
    </div>
  );
}

export function PasswordField({ label, isNew = false, ...props }: FieldProps & { readonly isNew?: boolean }) {
  const { t, settings } = useApp();
  const [shown, setShown] = useState(false);
  const hint = isNew ? t('password.rule', { min: settings.passwordMinLength }) : undefined;
  const button = (
    <button
      type="button"
      className="icon"
      aria-pressed={shown}
      aria-label={t('password.show')}
      onClick={() => setShown(!shown)}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M2 12s3.6-7 10-7 10 7 10 7-3.6 7-10 7S2 12 2 12z" />
        <circle cx="12" cy="12" r="3" />
        {shown && <path d="M4 4l16 16" />}
      </svg>
    </button>
  );
  return (
    <Field
      {...props}
      label={label}
      hint={hint}
      required
      type={shown ? 'text' : 'password'}
      autoComplete={isNew ? 'new-password' : 'current-password'}
      autoCapitalize="none"
      spellCheck={false}
      dir="ltr"
      {...(isNew ? { minLength: settings.passwordMinLength } : {})}
      beside={button}
    />
  );
}

interface CheckProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChecked: (checked: boolean) => void;
  readonly required?: boolean;
}

export function Check({ label, checked, onChecked, required = false }: CheckProps) {
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={checked}
        required={required}
        onChange={({ target }) => onChecked(target.checked)}
      />
      <span>{label}</span>
    </label>
  );
}
