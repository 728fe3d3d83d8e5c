// A field without a name: whatever happens to the form, the browser can put nothing of it into an address.
import { type InputHTMLAttributes, useId } from 'react';

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value' | 'name'> {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly hint?: string;
}

export function Field({ label, value, onValue, hint, ...input }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {input.required !== true && <span className="quiet"> (optional)</span>}
      </label>
      <input
        autoComplete="off"
        spellCheck={false}
        {...input}
        id={id}
        value={value}
        onChange={({ target }) => onValue(target.value)}
        aria-describedby={hint && `${id}-hint`}
      />
      {hint && (
        <p id={`${id}-hint`} className="quiet">
          {hint}
        </p>
      )}
    </div>
  );
}
