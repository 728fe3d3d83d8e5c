// What went wrong, in the words of the person's language. A code that these pages do not know is told in the server's own words.
import { LatchkeyError } from '@latchkey/client';
import type { Texts } from '../texts/texts.ts';

export interface Told {
  readonly text: string;
  /** Field by field, by the name of the request's field. */
  readonly fields: Readonly<Record<string, string>>;
}

export const nothingWrong: Told = { text: '', fields: {} };

/** Fields that the server refuses by a code of its own. */
const fieldOf: Readonly<Record<string, string>> = {
  phone_not_supported: 'phone',
  code_invalid: 'code',
};

const internal = ['bad_answer', 'not_ready', 'unsupported_media_type', 'payload_too_large'];
const sameAs: Readonly<Record<string, string>> = {
  ...Object.fromEntries(internal.map((code) => [code, 'internal'])),
  timeout: 'network',
  token_type_invalid: 'token_invalid',
  refresh_reused: 'signed_out',
  refresh_raced: 'overloaded',
};

export function tell(error: unknown, texts: Texts): Told {
  if (!(error instanceof LatchkeyError)) throw error;
  const sentences = [mainText(error, texts), ...moreText(error, texts)];
  return { text: sentences.join(' '), fields: fieldsOf(error, texts) };
}

function mainText({ code, message, detail }: LatchkeyError, { t, has }: Texts): string {
  const key = `error.${sameAs[code] ?? code}`;
  return has(key) ? t(key) : [message, detail].filter(Boolean).join('. ');
}

function* moreText({ code, attemptsLeft, retryAfter, requestId }: LatchkeyError, texts: Texts): Iterable<string> {
  const { t } = texts;
  if (attemptsLeft !== undefined) yield t('attempts', { count: attemptsLeft });
  if (retryAfter !== undefined) yield t('error.retry', { time: spanOf(retryAfter, texts) });
  if (requestId !== undefined && (sameAs[code] ?? code) === 'internal') yield t('error.quote', { id: requestId });
}

function fieldsOf({ code, errors = [] }: LatchkeyError, { t }: Texts): Record<string, string> {
  const told: Record<string, string> = {};
  const field = fieldOf[code];
  if (field !== undefined)
    told[field] = t(code === 'phone_not_supported' ? 'error.phone_not_supported' : 'error.code_invalid');
  for (const { pointer, code: why } of errors) {
    told[pointer.slice(1)] = t(why === 'taken' ? 'error.taken' : why === 'required' ? 'error.required' : 'error.field');
  }
  return told;
}

/** Seconds as a person says them: 45 sec, 3 min, 2 hr. */
function spanOf(seconds: number, { language }: Pick<Texts, 'language'>): string {
  const [value, unit] =
    seconds < 90
      ? [seconds, 'second']
      : seconds < 5400
        ? [Math.ceil(seconds / 60), 'minute']
        : [Math.ceil(seconds / 3600), 'hour'];
  return new Intl.NumberFormat(language, { style: 'unit', unit: String(unit), unitDisplay: 'long' }).format(
    Number(value),
  );
}

/** 75 as 1:15. */
export function clockOf(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
