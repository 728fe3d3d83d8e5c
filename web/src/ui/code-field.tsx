// Where a code is typed, pasted or filled in by the phone. Spaces and dashes that came along with a paste are taken out.
import { digitsOf } from '../state/digits.ts';
import { Field } from './fields.tsx';

interface CodeFieldProps {
  readonly label: string;
  readonly code: string;
  readonly onCode: (code: string) => void;
  readonly complaint?: string | undefined;
  /** digits: by message or app; letters: a recovery code. */
  readonly kind?: 'digits' | 'letters';
  /** That the code is told to have, where it is known: finds it in a message, and cuts nothing that is longer. */
  readonly length?: number | null;
  readonly autoComplete?: string;
}

/** Of the longest code that there is. */
const DIGITS_MAX = 10;

export function CodeField(props: CodeFieldProps) {
  const { label, code, onCode, complaint, kind = 'digits', length = null, autoComplete = 'one-time-code' } = props;
  const take = (typed: string) =>
    onCode(kind === 'digits' ? digitsOf(typed, length).slice(0, DIGITS_MAX) : typed.toUpperCase());
  return (
    <Field
      label={label}
      value={code}
      onValue={take}
      complaint={complaint}
      required
      className={`code ${kind}`}
      dir="ltr"
      type="text"
      inputMode={kind === 'digits' ? 'numeric' : 'text'}
      autoComplete={kind === 'digits' ? autoComplete : 'off'}
      autoCapitalize={kind === 'digits' ? 'none' : 'characters'}
      spellCheck={false}
      // A message's whole text may be pasted; what is no code of it is taken out above.
      maxLength={kind === 'digits' ? 200 : 24}
    />
  );
}
