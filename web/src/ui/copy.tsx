// Copies a text, and says so.
import { useState } from 'react';
import { useApp } from '../state/context.ts';

export function Copy({ text }: { readonly text: string }) {
  const { t } = useApp();
  const [isCopied, setCopied] = useState(false);
  const copy = () => {
    // Where a page may not write to the clipboard the text can still be selected.
    navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  return (
    <>
      <button type="button" className="link" onClick={copy}>
        {t('copy')}
      </button>
      <span role="status" className="quiet">
        {isCopied ? ` ${t('copied')}` : ''}
      </span>
    </>
  );
}
